"""A parameter that only one of an operation can be is read as that one, and one that has one value only is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.templates import Literal
from arazzo_engine.world.preparing import Checked, check_document

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Document
    from arazzo_engine.language.objects import SourceDescription

_PET: Final = {"name": "petId", "in": "path", "required": True, "schema": {"type": "string"}}
_OWNER: Final = {"name": "owner_id", "in": "path", "required": True, "schema": {"type": "string"}}


class _Api(SourceLoader):
    def __init__(self, path: str, parameters: list[dict[str, Any]]) -> None:
        operation = {"operationId": "call", "parameters": parameters, "responses": {"200": {"description": "ok"}}}
        self.text = json.dumps({
            "openapi": "3.1.0",
            "servers": [{"url": "https://x.example"}],
            "paths": {path: {"get": operation}},
            "components": {"schemas": {"Mode": {"enum": ["fast"]}}},
        })  # fmt: skip

    def get(self, uri: str) -> Document:
        return read_document(self.text, uri)

    def load_source(self, source: SourceDescription, base_uri: str) -> Document:
        del source, base_uri
        return read_document(self.text, "file:///api.json")


def _checked(api: _Api, given: list[tuple[str, str]]) -> Checked:
    parameters = [{"name": name, **({"in": place} if place else {}), "value": "1"} for name, place in given]
    step = {"stepId": "s", "operationId": "call", **({"parameters": parameters} if parameters else {})}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
    }
    return check_document(read_document(json.dumps(document), "file:///w.json"), api)


READ_AS: Final[tuple[Any, ...]] = (
    # the only placeholder, and the only parameter of a path
    ("/pets/{petId}", [_PET], [("pet_id", "path")], [("petId", "path")]),
    ("/pets/{petId}", [_PET], [("id", "path")], [("petId", "path")]),
    ("/pets/{petId}", [_PET], [("id", "path"), ("page", "query")], [("petId", "path"), ("page", "query")]),
    # of several, the one whose words are the same
    ("/o/{owner_id}/{petId}", [_PET, _OWNER], [("ownerId", "path"), ("petId", "path")],
     [("owner_id", "path"), ("petId", "path")]),
    ("/o/{owner_id}/{petId}", [_PET, _OWNER], [("PetId", "path"), ("OWNER-ID", "path")],
     [("petId", "path"), ("owner_id", "path")]),
    # the place of the operation's own
    ("/pets/{petId}", [_PET], [("petId", "query")], [("petId", "path")]),
    ("/pets", [{"name": "X-Shop", "in": "header", "required": True}], [("X-Shop", "query")], [("X-Shop", "header")]),
    # the place before the name, as links have it, unless that is the name
    ("/pets/{petId}", [_PET], [("path.petId", "")], [("petId", "path")]),
    ("/pets/{petId}", [], [("path.petId", "")], [("petId", "path")]),
    ("/pets", [{"name": "X-Shop", "in": "header"}], [("header.x-shop", "")], [("x-shop", "header")]),
    ("/pets", [{"name": "query.page", "in": "query"}, {"name": "page", "in": "query"}], [("query.page", "")],
     [("query.page", "query")]),
    # the only place where the operation has that name
    ("/pets/{petId}", [_PET], [("petId", "")], [("petId", "path")]),
    ("/pets", [{"name": "X-Shop", "in": "header"}], [("x-shop", "")], [("x-shop", "header")]),
    ("/pets", [{"name": "page", "in": "query"}], [("page", "")], [("page", "query")]),
    # the only place of the URL where the operation has that name
    ("/pets/{petId}", [_PET], [("petId", "url")], [("petId", "path")]),
    ("/pets", [{"name": "page", "in": "query"}], [("page", "uri")], [("page", "query")]),
)  # fmt: skip


@pytest.mark.parametrize("described", [[_PET], [{"name": "id", "in": "query"}, {"name": "id", "in": "header"}]])
def test_a_parameter_of_the_url_that_the_operation_has_nowhere_there_is_refused(
    described: list[dict[str, Any]],
) -> None:
    checked = _checked(_Api("/pets/{petId}", [_PET, *described]), [("petId", "path"), ("X-Id", "url")])
    (problem,) = (each for each in checked.problems if each.code == "field-value")
    assert (problem.message, problem.fix) == (
        "`in` is `url`, which is no place of a parameter",
        "write `in: path` or `in: query`",
    )


@pytest.mark.parametrize(("path", "described", "given", "read"), READ_AS)
def test_a_parameter_that_can_be_one_only_is_read_as_that_one(
    path: str, described: list[dict[str, Any]], given: list[tuple[str, str]], read: list[tuple[str, str]]
) -> None:
    checked = _checked(_Api(path, described), given)
    assert {each.code for each in checked.problems} == {"repaired"}
    assert [(each.name, each.location) for each in checked.workflow("w").steps[0].parameters] == read


def test_the_name_to_write_is_told_at_the_name_and_the_place_at_the_place() -> None:
    (name,) = _checked(_Api("/pets/{petId}", [_PET]), [("pet_id", "path")]).problems
    assert name.message == "path parameter `pet_id` is read as `petId`: the two differ in case, `-` and `_` only"
    assert name.fix == "write `name: petId`"
    assert name.location is not None
    assert name.location.pointer == "/workflows/0/steps/0/parameters/0/name"
    (place,) = _checked(_Api("/pets/{petId}", [_PET]), [("petId", "query")]).problems
    assert place.message == (
        "`in: query` of `petId` is read as `in: path`: "
        "the operation has a parameter of that name there, and none where the step puts it"
    )
    assert place.fix == "write `in: path`"
    assert place.location is not None
    assert place.location.pointer == "/workflows/0/steps/0/parameters/0/in"


REFUSED = (
    # two that could be meant, one that is there already, another in the place that is set
    ("/o/{owner_id}/{petId}", [_PET, _OWNER], [("owner", "path"), ("pet", "path")]),
    ("/o/{owner_id}/{petId}", [_PET, _OWNER], [("id", "path")]),
    ("/pets/{petId}", [_PET], [("petId", "path"), ("pet_id", "path")]),
    ("/o/{petId}/{pet_id}", [_PET, {**_PET, "name": "pet_id"}], [("PETID", "path")]),
    ("/pets/{petId}", [_PET, {"name": "petId", "in": "query"}], [("petId", "query")]),
)


@pytest.mark.parametrize(("path", "described", "given"), REFUSED)
def test_nothing_is_read_otherwise_where_two_can_be_meant(
    path: str, described: list[dict[str, Any]], given: list[tuple[str, str]]
) -> None:
    codes = [each.code for each in _checked(_Api(path, described), given).problems]
    assert "repaired" not in codes
    assert "path-parameter-mismatch" in codes


@pytest.mark.parametrize("described", [[], [{"name": "a", "in": "query"}, {"name": "a", "in": "header"}]])
def test_a_parameter_without_a_place_is_told_where_there_is_none_or_two(described: list[dict[str, Any]]) -> None:
    (problem,) = _checked(_Api("/pets", described), [("a", "")]).problems
    assert (problem.code, problem.severity) == ("parameter-location", "error")


ONLY = (
    ({"type": "string", "enum": ["fast"]}, "fast"),
    ({"const": 3}, 3),
    ({"type": "string", "default": "v1"}, "v1"),
    ({"type": "array", "items": {"enum": ["a"]}}, ["a"]),
    ({"type": "array", "items": {"type": "string"}, "default": ["a", "b"]}, ["a", "b"]),
    ({"$ref": "#/components/schemas/Mode"}, "fast"),
    ({"allOf": [{"type": "string"}, {"enum": ["fast"]}]}, "fast"),
    ({"allOf": [{"$ref": "#/components/schemas/Mode"}], "default": "slow"}, "fast"),
)


@pytest.mark.parametrize("place", ["header", "query"])
@pytest.mark.parametrize(("schema", "value"), ONLY)
def test_the_only_value_of_a_required_parameter_is_sent_where_the_step_is_silent(
    schema: dict[str, Any], value: object, place: str
) -> None:
    required = {"name": "X-Mode", "in": place, "required": True, "schema": schema}
    checked = _checked(_Api("/pets", [required]), [])
    (problem,) = checked.problems
    written = json.dumps(value)
    assert problem.message == (
        f"step `s` does not set {place} parameter `X-Mode`, which must be given: "
        f"`{written}` is sent, the value that its description names"
    )
    assert problem.fix == f"add `{{name: X-Mode, in: {place}, value: {written}}}` to `parameters`"
    (sent,) = checked.workflow("w").steps[0].parameters
    assert isinstance(sent.value, Literal)
    assert (sent.name, sent.location, sent.value.value) == ("X-Mode", place, value)


def test_what_the_step_sets_itself_and_what_need_not_be_given_stay_as_they_are() -> None:
    required = {"name": "X-Mode", "in": "header", "required": True, "schema": {"enum": ["1"]}}
    checked = _checked(_Api("/pets", [required]), [("x-mode", "header")])
    assert checked.problems == ()
    assert len(checked.workflow("w").steps[0].parameters) == 1
    assert _checked(_Api("/pets", [{**required, "required": False}]), []).workflow("w").steps[0].parameters == ()


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"enum": ["a", "b"]},
        {"default": None},
        {"$ref": "#/nowhere"},
        True,
        {"type": "array", "minItems": 2, "items": {"enum": ["a"]}},
    ],
)
def test_a_required_parameter_with_several_values_is_missing(schema: object) -> None:
    required = {"name": "X-Mode", "in": "header", "required": True, "schema": schema}
    assert "required-parameter-missing" in [each.code for each in _checked(_Api("/pets", [required]), []).problems]


def test_a_slip_for_a_parameter_that_has_one_value_is_told_where_it_stands() -> None:
    version = {"name": "X-Version", "in": "header", "required": True, "schema": {"const": "1"}}
    (problem,) = [
        each for each in _checked(_Api("/pets", [version]), [("X-Vesrion", "header")]).problems if each.is_error
    ]
    assert (problem.code, problem.fix) == ("required-parameter-missing", "rename parameter `X-Vesrion` to `X-Version`")
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/0/parameters/0/name"


@pytest.mark.parametrize("given", [("path.petId", ""), ("petId", ""), ("petId", "url")])
def test_what_is_read_as_a_parameter_that_the_step_sets_already_is_told_as_one_that_is_there_twice(
    given: tuple[str, str],
) -> None:
    checked = _checked(_Api("/pets/{petId}", [_PET]), [("petId", "path"), given])
    (problem,) = checked.problems
    assert (problem.code, problem.message) == ("id-duplicate", "`parameters` has parameter `petId` in `path` twice")
    assert problem.location is not None
    assert problem.location.pointer == "/workflows/0/steps/0/parameters/1"
