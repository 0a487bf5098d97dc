"""A source whose name has a dot or a space is named by that name: a declared one is meant before its beginning."""

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
    from arazzo_engine.language.objects import SourceDescription

_CALL: Final = {"get": {"operationId": "call", "responses": {"200": {"description": "ok"}}}}


class _Api(SourceLoader):
    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        del base_uri
        servers = [{"url": f"https://{source.url.removesuffix('.json')}.example"}]
        paths = {} if source.name == "empty" else {"/a": _CALL}
        text = json.dumps({"openapi": "3.1.0", "servers": servers, "paths": paths})
        return read_document(text, f"file:///{source.url}")


def _checked(step: dict[str, Any], *names: str) -> Checked:
    sources = [{"name": each, "url": f"n{index}.json", "type": "openapi"} for index, each in enumerate(names)]
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": sources,
        "workflows": [{"workflowId": "w", "inputs": {"type": "object"}, "steps": [{"stepId": "s", **step}]}],
    }
    return check_document(read_document(json.dumps(document), "file:///w.json"), _Api())


STEPS = (
    ("openapi.yaml", {"operationId": "$sourceDescriptions.openapi.yaml.call"}),
    ("api.v1", {"operationId": "api.v1.call"}),
    ("My API", {"operationId": "$sourceDescriptions.My API.call"}),
    ("api.v1", {"operationPath": "{$sourceDescriptions.api.v1.url}#/paths/~1a/get"}),
    ("api.v1", {"operationPath": "api.v1#/paths/~1a/get"}),
)


@pytest.mark.parametrize(("name", "step"), STEPS)
def test_the_declared_source_is_meant(name: str, step: dict[str, Any]) -> None:
    names = (name, "api") if name.startswith("api") else (name,)
    checked = _checked(step, *names)
    assert {each.code for each in checked.problems} <= {"id-characters", "repaired"}
    target = checked.workflow("w").steps[0].target
    assert isinstance(target, Operation)
    assert target.servers[0].url == "https://n0.example"


@pytest.mark.parametrize(
    ("step", "name", "read"),
    [
        ({"operationId": "$sourceDescriptions.myApi#call"}, "my_api", "$sourceDescriptions.my_api.call"),
        ({"operationId": "$sourceDescriptions.my-api.call"}, "myApi", "$sourceDescriptions.myApi.call"),
        ({"operationPath": "{$sourceDescriptions.myApi.url}#/paths/~1a/get"}, "my-api",
         "{$sourceDescriptions.my-api.url}#/paths/~1a/get"),
    ],
)  # fmt: skip
def test_a_source_of_the_same_letters_is_meant(step: dict[str, Any], name: str, read: str) -> None:
    checked = _checked(step, name)
    (problem,) = checked.problems
    assert (problem.code, problem.fix) == ("repaired", f"write `{read}`")
    assert [each.value for each in problem.edits] == [read]
    assert isinstance(checked.workflow("w").steps[0].target, Operation)


@pytest.mark.parametrize(
    ("operation_id", "code"),
    [
        ("$sourceDescriptions.myApi#call", "repaired"),
        ("$sourceDescriptions.My Api#call", "repaired"),
        ("call", "operation-unqualified"),
    ],
)
def test_a_source_that_no_expression_of_1_1_can_name_is_told_to_have_another_name_first(
    operation_id: str, code: str
) -> None:
    problems = {each.code: each for each in _checked({"operationId": operation_id}, "My Api", "empty").problems}
    assert sorted(problems) == sorted(["id-characters", code])
    fix = "name the source `My-Api`, and write `$sourceDescriptions.My-Api.call`"
    assert (problems[code].fix, problems[code].edits) == (fix, ())


@pytest.mark.parametrize(
    ("operation_id", "sources", "fix"),
    [
        ("$sourceDescriptions.my_api#call", ("myApi", "my-api"), "did you mean `myApi` or `my-api`?"),
        ("$sourceDescriptions.mypia.call", ("myApi",), "write `$sourceDescriptions.myApi.call`"),
        ("$sourceDescriptions.other#call", ("myApi", "empty"), "write `$sourceDescriptions.myApi.call`"),
        ("$sourceDescriptions.mypia.get", ("myApi",), "did you mean `myApi`?"),
        ("$sourceDescriptions.nobody#call", ("myApi", "other"), "use one of `myApi`, `other`"),
        ("$sourceDescriptions.nobody.get", ("myApi",), "use `myApi`"),
    ],
)
def test_a_source_that_is_not_declared_is_told_as_that(operation_id: str, sources: tuple[str, ...], fix: str) -> None:
    (problem,) = _checked({"operationId": operation_id}, *sources).problems
    name = operation_id.removeprefix("$sourceDescriptions.").replace("#", ".").partition(".")[0]
    assert (problem.code, problem.fix) == ("unknown-source", fix)
    assert problem.message == f"source description `{name}` does not exist"


@pytest.mark.parametrize(
    "step", [{"workflowId": "$sourceDescriptions.trips.book"}, {"operationId": "$sourceDescriptions.trips.book"}]
)
@pytest.mark.parametrize(("names", "fix"), [((), "add `trips` to the `sourceDescriptions`"), (("shop",), "use `shop`")])
def test_a_source_that_is_none_is_told_with_those_there_are_or_to_be_added(
    step: dict[str, Any], names: tuple[str, ...], fix: str
) -> None:
    assert [each.fix for each in _checked(step, *names).problems if each.code == "unknown-source"] == [fix]
