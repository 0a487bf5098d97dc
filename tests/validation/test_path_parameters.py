"""A path parameter for which the path has no place: told where a description declares it, and never proposed."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

_THING_ID: Final = {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}
_GIVEN: Final = {"name": "thing_id", "in": "path", "value": "a"}


def _found(path: str, *declared: dict[str, Any], step: dict[str, Any] | None = None) -> Findings:
    components = {"parameters": {"ThingId": _THING_ID}}
    return validated(step or {}, {"parameters": [*declared]}, path=path, components=components)


def _told(path: str, *declared: dict[str, Any], step: dict[str, Any] | None = None) -> list[tuple[str, str, str]]:
    found = _found(path, *declared, step=step)
    return [(each.code, each.message, each.fix) for each in found]


def test_one_that_is_declared_without_a_placeholder_is_a_warning() -> None:
    (found,) = _found("/things", _THING_ID)
    assert (found.severity, found.code) == ("warning", "path-parameter-mismatch")
    assert found.message == (
        "operation `tried` declares the path parameter `thing_id`, and `/things` has no placeholder for it:"
        " it is not sent"
    )
    assert found.fix == "leave it out of the operation, or correct its `name` or `in`"
    assert [each.message for each in found.related] == ["the operation"]


def test_what_it_is_nearly_called_in_the_path_is_proposed() -> None:
    told = _told("/things/{thingId}", _THING_ID, step={"parameters": [{**_GIVEN, "name": "thingId"}]})
    assert [(code, fix) for code, _, fix in told] == [("path-parameter-mismatch", "did you mean `thingId`?")]


@pytest.mark.parametrize("path", ["/things/{thing_id}", "/things/{thing_id+}", "/things?id={thing_id}"])
def test_one_with_a_placeholder_is_not_told(path: str) -> None:
    assert _told(path, _THING_ID, step={"parameters": [_GIVEN]}) == []


def test_one_that_the_step_gives_is_told_once() -> None:
    (found,) = _found("/things", _THING_ID, step={"parameters": [_GIVEN]})
    assert (found.severity, found.message) == ("error", "`/things` has no placeholder `{thing_id}`")


def test_a_reference_is_no_slip_for_a_parameter_that_cannot_stand_there() -> None:
    lost = {"$ref": "#/components/parameters/ThingIds"}
    message = "`#/components/parameters/ThingIds` leads nowhere: there is no `ThingIds`; the parameter is left out"
    assert _told("/things", lost) == [
        ("reference-not-found", message, "define `ThingIds` there, or correct the `$ref`"),
    ]
    assert _told("/things/{thing_id}", lost, step={"parameters": [_GIVEN]}) == [
        ("reference-not-found", message, "did you mean `ThingId`?"),
    ]


def _id_of(name: str) -> dict[str, Any]:
    return {**_THING_ID, "name": name}


def test_the_only_value_without_a_place_is_told_with_the_only_place_without_a_value() -> None:
    given = [{**_GIVEN, "name": "shop"}, {**_GIVEN, "name": "element"}]
    declared = (_id_of("shop"), _id_of("item"))
    assert _told("/{shop}/things/{item}", *declared, step={"parameters": given}) == [
        (
            "path-parameter-mismatch",
            "`/{shop}/things/{item}` has no placeholder `{element}`, and its `{item}` is given no value",
            "rename `element` to `item`",
        )
    ]


def test_of_several_without_a_place_each_is_told_by_itself() -> None:
    given = [{**_GIVEN, "name": "one"}, {**_GIVEN, "name": "two"}]
    told = _told("/{shop}/things/{item}", _id_of("shop"), _id_of("item"), step={"parameters": given})
    assert [fix for _, _, fix in told] == [
        "add a parameter `shop` with `in: path`",
        "add a parameter `item` with `in: path`",
        "remove the parameter, or change its `in`",
        "remove the parameter, or change its `in`",
    ]


def test_a_parameter_of_the_workflow_may_be_right_for_other_steps() -> None:
    declared = [_id_of("shop"), _id_of("item")]
    given = {"parameters": [{**_GIVEN, "name": "shop"}]}
    workflow = {"parameters": [{**_GIVEN, "name": "element"}]}
    found = validated(given, {"parameters": declared}, path="/{shop}/things/{item}", workflow=workflow)
    assert [each.fix for each in found] == [
        "remove the parameter, or change its `in`",
        "add a parameter `item` with `in: path`",
    ]


_OTHER_FORMS: Final = ["/things/<<thing_id>>", "/things/<thing_id>", "/things/:thing_id", "/things/[thing_id]/parts"]


@pytest.mark.parametrize("path", [*_OTHER_FORMS, "/things/{{thing_id}}", "/things/:thing_id:open"])
def test_another_form_of_a_declared_placeholder_is_read_as_braces_and_told_at_the_path(path: str) -> None:
    (found,) = _found(path, _THING_ID, step={"parameters": [_GIVEN]})
    tail = path.partition("thing_id")[2].lstrip(">]}")
    meant = f"/things/{{thing_id}}{tail}"
    assert (found.severity, found.code) == ("warning", "path-parameter-mismatch")
    assert found.message == f"the path `{path}` is read as `{meant}`: the operation declares what it names"
    assert found.fix == f"write `{meant}`"
    assert found.location is not None
    assert found.location.pointer == f"/paths/{path.replace('/', '~1')}"


def test_a_step_that_gives_no_value_for_such_a_placeholder_is_told() -> None:
    errors = [each for each in _found("/things/<<thing_id>>", _THING_ID) if each.severity == "error"]
    assert [each.message for each in errors] == ["step `tried` gives no value for `{thing_id}` of `/things/{thing_id}`"]


@pytest.mark.parametrize("path", _OTHER_FORMS)
def test_where_the_operation_declares_none_the_error_is_at_the_path(path: str) -> None:
    (found,) = _found(path, step={"parameters": [_GIVEN]})
    meant = "/things/{thing_id}" + ("/parts" if path.endswith("parts") else "")
    assert (found.severity, found.message) == ("error", f"`{path}` has no placeholder `{{thing_id}}`")
    assert found.fix == f"did you mean `{meant}`?"
    assert found.location is not None
    assert found.location.pointer == f"/paths/{path.replace('/', '~1')}"
    assert [each.message for each in found.related] == ["the parameter of the step"]


@pytest.mark.parametrize(
    "path", ["/things/{thing_id}:thing_id", "/things/{thing_id}/:archive", "/things/{thing_id}/a:b"]
)
def test_signs_that_are_no_placeholders_stay(path: str) -> None:
    assert _told(path, _THING_ID, step={"parameters": [_GIVEN]}) == []


def test_one_that_the_operation_has_in_another_place_is_told_where_it_stands() -> None:
    elsewhere = {"name": "thing_id", "in": "query", "schema": {"type": "string"}}
    (found,) = _found("/things", elsewhere, step={"parameters": [_GIVEN]})
    assert (found.message, found.fix) == ("`/things` has no placeholder `{thing_id}`", "write `in: query`")
    assert found.location is not None
    assert found.location.pointer == "/workflows/0/steps/1/parameters/0/in"
