"""Of operations with one id, the one is meant that takes what the step sends, where no other one can take it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import Checked, check_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document

_ANY: dict[str, Any] = {"type": "string"}


def _parameter(name: str, place: str = "query", *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": _ANY}


def _body(*names: str, required: tuple[str, ...] = (), **rest: Any) -> dict[str, Any]:
    schema = {"type": "object", "required": [*required], "properties": dict.fromkeys(names, _ANY), **rest}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


class _Api(SourceLoader):
    """A loader of a description with two operations of one id."""

    def __init__(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        said = {"operationId": "send", "responses": {"200": {"description": "ok"}}}
        paths = {"/first": {"post": {**said, **first}}, "/second": {"post": {**said, **second}}}
        value = {"openapi": "3.1.0", "servers": [{"url": "https://x.example"}], "paths": paths}
        self.document = read_document(json.dumps(value), "file:///api.json")

    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: object, base_uri: str) -> Document:
        del source, base_uri
        return self.document


def _checked(step: dict[str, Any], api: _Api, **workflow: Any) -> Checked:
    text = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [{"stepId": "s", "operationId": "send", **step}], **workflow}],
    }
    return check_document(read_document(json.dumps(text), "file:///main.json"), api)


def _given(*names: str, place: str = "query") -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": place, "value": "x"} for name in names]}


def _sent(**members: Any) -> dict[str, Any]:
    return {"requestBody": {"contentType": "application/json", "payload": members}}


TOLD_APART: Final[tuple[Any, ...]] = (
    # a parameter that the other one does not know, or requires
    (_given("q"), {"parameters": [_parameter("q")]}, {}),
    (_given("X-Mode", place="header"), {"parameters": [_parameter("X-Mode", "header")]}, {}),
    ({}, {}, {"parameters": [_parameter("q", required=True)]}),
    # a member that the other one requires, or does not have
    (_sent(name="n"), _body("name"), _body("name", "card", required=("card",))),
    (_sent(name="n", card="c"), _body("name", "card", required=("card",)), _body("name")),
    (_sent(name="n"), _body("name"), _body("card", additionalProperties=False)),
    # a body at all
    (_sent(name="n"), _body("name"), {}),
)


@pytest.mark.parametrize(("step", "fitting", "other"), TOLD_APART)
def test_the_operation_that_takes_what_is_sent_is_meant(
    step: dict[str, Any], fitting: dict[str, Any], other: dict[str, Any]
) -> None:
    for api, path in ((_Api(fitting, other), "/first"), (_Api(other, fitting), "/second")):
        checked = _checked(step, api)
        (problem,) = checked.problems
        assert (problem.code, problem.is_error) == ("repaired", False)
        assert problem.message == (
            f"the operationId is read as that of `post {path}` in `api`:"
            " no other one of that id takes what the step sends"
        )
        target = checked.workflow("w").steps[0].target
        assert isinstance(target, Operation)
        assert target.path == path


NOT_TOLD_APART: Final[tuple[Any, ...]] = (
    # both fit, or neither does
    (_given("q"), {"parameters": [_parameter("q")]}, {"parameters": [_parameter("q"), _parameter("r")]}),
    (_given("z"), {"parameters": [_parameter("q")]}, {}),
    # the other one may take it: members that nobody describes, alternatives, a body that is not written out
    (_sent(name="n"), _body("name"), _body("card", additionalProperties=True)),
    (_sent(name="n"), _body("name"), {"requestBody": {"content": {"application/json": {}}}}),
    (_sent(name="n"), _body("name"), _body("card", oneOf=[{"properties": {"name": _ANY}}, {}])),
    ({"requestBody": {"payload": "$inputs.all"}}, _body("name"), _body("card", required=("card",))),
    # a credential, and a header that belongs to no operation alone
    (_given("Authorization", place="header"), {}, {"parameters": [_parameter("r")]}),
    # a parameter that has one value only is sent without the step
    ({}, {}, {"parameters": [{**_parameter("q", required=True), "schema": {"const": "a"}}]}),
    # of a parameter that cannot be read nobody knows what it is
    (_given("q"), {"parameters": [_parameter("q")]}, {"parameters": [{"$ref": "#/gone"}]}),
)


@pytest.mark.parametrize(("step", "one", "other"), NOT_TOLD_APART)
def test_an_operation_that_may_be_meant_as_well_is_not_passed_over(
    step: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert "operation-ambiguous" in {each.code for each in _checked(step, _Api(one, other)).problems}


def test_what_the_workflow_gives_to_all_of_its_steps_is_given() -> None:
    api = _Api({}, {"parameters": [_parameter("q", required=True)]})
    problems = _checked({}, api, **_given("q")).problems
    assert "operation-ambiguous" in {each.code for each in problems}
