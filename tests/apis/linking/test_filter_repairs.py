"""A filter over an object asks its members; where only the object itself can be meant, it is read as asking that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from arazzo_engine import Engine, RunReport, rehearse

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Diagnostic

TICKET: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "count": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
ITSELF: Final = "if the object itself is meant, write `$[?$.title]`"
DRAFT: Final = {"type": "jsonpath", "version": "draft-goessner-dispatch-jsonpath-00"}


def _written(folder: Path, criterion: dict[str, Any], schema: Any, where: str) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "get", "responses": {"200": answer}}
    api = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/a": {"get": operation}},
    }
    (folder / "api.json").write_text(json.dumps(api))
    action = {where: [{"name": "done", "type": "end", "criteria": [criterion]}]}
    step = {"stepId": "a", "operationId": "get", **({where: [criterion]} if where == "successCriteria" else action)}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "w", "steps": [step]}],
    }
    path = folder / "doc.json"
    path.write_text(json.dumps(document))
    return path


def _criterion(condition: str, context: str = "$response.body", type_: Any = "jsonpath") -> dict[str, Any]:
    return {"context": context, "type": type_, "condition": condition}


def _validated(
    folder: Path, criterion: dict[str, Any], schema: Any = TICKET, where: str = "successCriteria"
) -> tuple[Diagnostic, ...]:
    with Engine() as engine:
        return engine.validate(_written(folder, criterion, schema, where))


def _rehearsed(folder: Path, criterion: dict[str, Any], schema: Any = TICKET) -> RunReport:
    return rehearse(_written(folder, criterion, schema, "successCriteria"), "w")


@pytest.mark.parametrize(
    "condition",
    [
        "$[?@.title == 'x']['name']",
        "$[?@.title][0]",
        "$[?@.owner]['name']",
        # what asks of the root knows the two apart
        "$[?@.tags[?@ == $.title]]",
    ],
)
def test_a_query_that_goes_on_behind_its_filter_is_left_as_it_is(tmp_path: Path, condition: str) -> None:
    assert _validated(tmp_path, _criterion(condition)) == ()


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ("$[?@.title == 'x']", "$[?$.title == 'x']"),
        ("$[?@.title == 'x' || @.count].tags", "$[?($.title == 'x' || $.count) && $.tags]"),
        ("$[?@['title']]['tags']", "$[?($['title']) && $['tags']]"),
        ("$[?(@.title == '@.x' && @['count'] > 3)]", "$[?($.title == '@.x' && $['count'] > 3)]"),
        ("$[?@.title]", "$[?$.title]"),
        ("$[?length(@.tags) > 0]", "$[?length($.tags) > 0]"),
        # what every member passes says nothing, and is not meant
        ("$[?@.title != 'x']", "$[?$.title != 'x']"),
        ("$[?(@.title != 'x' && @.title != 'y')]", "$[?($.title != 'x' && $.title != 'y')]"),
        ("$[?!@.title]", "$[?!$.title]"),
        ("$[?!(@.title == 'x')]", "$[?!($.title == 'x')]"),
        ("$[?count(@.title) == 0]", "$[?count($.title) == 0]"),
        ("$[?@.title == 'x' && @.count != 3]", "$[?$.title == 'x' && $.count != 3]"),
        # a filter within is asked of what it filters
        ("$[?@.tags[?@ == 'x']]", "$[?$.tags[?@ == 'x']]"),
        (
            "$[?(@.title == ']' && count(@.tags[?(@ == ']')]) > 1)]",
            "$[?($.title == ']' && count($.tags[?(@ == ']')]) > 1)]",
        ),
        ("$[?@.tags[?@[?@.x == 1]]].title", "$[?($.tags[?@[?@.x == 1]]) && $.title]"),
    ],
)
@pytest.mark.parametrize("where", ["successCriteria", "onSuccess", "onFailure"])
def test_what_only_the_object_can_have_is_asked_of_the_object(
    tmp_path: Path, condition: str, written: str, where: str
) -> None:
    (found,) = _validated(tmp_path, _criterion(condition), where=where)
    assert (found.severity.value, found.code, found.fix) == ("warning", "repaired", f"write `{written}`")
    assert found.message == (
        f"`{condition}` is read as `{written}`:"
        " a filter over an object looks at its members, and the object itself has what it asks for"
    )


@pytest.mark.parametrize(
    "criterion",
    [
        _criterion("$[?@.title == 'x']"),
        _criterion("$[?(@.title == 'x')]", type_=DRAFT),
    ],
)
def test_a_rehearsal_answers_with_what_the_object_is_asked_for(tmp_path: Path, criterion: dict[str, Any]) -> None:
    report = _rehearsed(tmp_path, criterion)
    assert report.succeeded
    assert report.steps[0].criteria[0].condition == criterion["condition"].replace("@.", "$.")
    assert report.steps[0].notes == ()


def test_what_a_member_is_described_to_have_is_asked_of_the_members(tmp_path: Path) -> None:
    assert _validated(tmp_path, _criterion("$[?@.name == 'x']")) == ()
    rows = {"type": "object", "additionalProperties": TICKET}
    assert _validated(tmp_path, _criterion("$[?@.title == 'x']"), rows) == ()


def test_a_list_is_filtered_as_it_is_written(tmp_path: Path) -> None:
    for schema in ({"type": "array", "items": TICKET}, {}, {"type": ["array", "object"]}):
        assert _validated(tmp_path, _criterion("$[?@.title == 'x']"), schema) == ()


@pytest.mark.parametrize("condition", ["$[?@ == 'x']", "$[?@ != 'x']"])
def test_what_asks_for_no_member_of_the_object_is_left_alone(tmp_path: Path, condition: str) -> None:
    assert _validated(tmp_path, _criterion(condition)) == ()


def test_what_the_members_are_described_to_have_may_be_denied_of_them(tmp_path: Path) -> None:
    rows = {"type": "object", "additionalProperties": TICKET}
    assert _validated(tmp_path, _criterion("$[?@.title != 'x']"), rows) == ()


@pytest.mark.parametrize(
    ("sign", "message"),
    [
        ("==", "the filter selects nothing unless a member of `$response.body` is an object with `title`"),
        ("!=", "any member of `$response.body` without `title` passes the filter, whatever the others are"),
    ],
)
def test_what_both_the_object_and_a_member_have_is_told(tmp_path: Path, sign: str, message: str) -> None:
    both = {**TICKET, "properties": {**TICKET["properties"], "parent": TICKET}}
    (found,) = _validated(tmp_path, _criterion(f"$[?(@.title {sign} 'x')]"), both)
    assert (found.severity.value, found.code, found.message) == ("warning", "filter-over-object", message)
    assert found.fix == f"if the object itself is meant, write `$[?($.title {sign} 'x')]`"


@pytest.mark.parametrize(
    ("schema", "fix"),
    [
        (
            {"type": "object", "properties": {"title": {}, "any": {}}},
            "if the object itself is meant, write `$[?$.title]`",
        ),
        ({"type": "object"}, "if the object itself is meant, write `$[?$.title]`"),
        ({**TICKET, "additionalProperties": True}, "if the object itself is meant, write `$[?$.title]`"),
        ({"type": "object", "properties": {"other": {"type": "string"}}}, ""),
    ],
)
def test_where_the_description_leaves_it_open_it_is_told_and_left_alone(tmp_path: Path, schema: Any, fix: str) -> None:
    (found,) = _validated(tmp_path, _criterion("$[?@.title]"), schema)
    assert (found.severity.value, found.code, found.fix) == ("warning", "filter-over-object", fix)
    assert found.message == ("the filter selects nothing unless a member of `$response.body` is an object with `title`")


def test_a_part_of_the_answer_is_looked_at_by_its_own_schema(tmp_path: Path) -> None:
    whole = {"type": "object", "properties": {"data": TICKET}}
    (found,) = _validated(tmp_path, _criterion("$[?@.title]", "$response.body#/data"), whole)
    assert (found.code, found.fix) == ("repaired", "write `$[?$.title]`")


LISTED: Final = {"type": "object", "properties": {"items": {"type": "array", "items": TICKET}, "owner": TICKET}}


@pytest.mark.parametrize(
    ("condition", "written"),
    [
        ("$.items[0][?(@.title == 'x')]", "$[?($.items[0].title == 'x')]"),
        ("$['owner'][?@.title && @.count > 1]", "$[?$['owner'].title && $['owner'].count > 1]"),
        ("$.items[-1][?@.title]", "$[?$.items[-1].title]"),
        ("$.items[*][?(@.title == 'x')]", "$.items[?(@.title == 'x')]"),
    ],
)
def test_an_object_within_the_answer_is_asked_itself(tmp_path: Path, condition: str, written: str) -> None:
    (found,) = _validated(tmp_path, _criterion(condition), LISTED)
    assert (found.code, found.fix) == ("repaired", f"write `{written}`")
    report = _rehearsed(tmp_path, _criterion(condition), LISTED)
    assert report.succeeded
    assert report.steps[0].notes == ()


def test_a_member_that_is_asked_for_by_its_name_holds_no_other_of_that_name(tmp_path: Path) -> None:
    unread = {"type": "object", "required": ["ok"], "properties": {"ok": {}, "count": {"type": "integer"}}}
    (found,) = _validated(tmp_path, _criterion("$[?(@.ok == true)]"), unread)
    assert (found.code, found.fix) == ("repaired", "write `$[?($.ok == true)]`")


@pytest.mark.parametrize(
    ("condition", "message", "fix"),
    [
        (
            "$.items[0][*][?@.title]",
            "the filter selects nothing: it asks the parts of a member of `$.items[0]`, which has none",
            "if the object itself is meant, write `$[?$.items[0].title]`",
        ),
        (
            "$.names[*][?@.title]",
            "the filter selects nothing: it asks the parts of an element of `$.names`, which has none",
            "",
        ),
        ("$.any[?@.title]", "the filter selects nothing unless a member of `$.any` is an object with `title`", None),
    ],
)
def test_a_filter_within_the_answer_that_may_never_select_is_told(
    tmp_path: Path, condition: str, message: str, fix: str | None
) -> None:
    row = {"type": "object", "properties": {"title": {"type": "string"}}}
    names = {"type": "array", "items": {"type": "string"}}
    schema = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": row}, "names": names, "any": {"type": "object"}},
    }
    (found,) = _validated(tmp_path, _criterion(condition), schema)
    assert (found.severity.value, found.code, found.message) == ("warning", "filter-over-object", message)
    assert found.fix == ("if the object itself is meant, write `$[?$.any.title]`" if fix is None else fix)


def test_what_is_filtered_within_the_answer_as_a_list_is_left_alone(tmp_path: Path) -> None:
    rows = {"type": "object", "properties": {"rows": {"type": "array", "items": {"type": "array", "items": TICKET}}}}
    for condition in ("$.rows[0][?@.title]", "$.rows[*][?@.title]", "$.unknown[?@.title]", "$.rows[?@[0].title]"):
        assert [each.code for each in _validated(tmp_path, _criterion(condition), rows)] in ([], ["part-undescribed"])


def test_no_member_is_made_up_in_an_object_that_has_none(tmp_path: Path) -> None:
    report = _rehearsed(tmp_path, _criterion("$[?@.title == 'x']"), {"type": "object"})
    assert not report.succeeded
    assert report.steps[0].notes == ("no answer was found that the step's criteria accept",)
    rows = {"type": "object", "additionalProperties": TICKET}
    assert _rehearsed(tmp_path, _criterion("$[?@.title == 'x']"), rows).succeeded


COUNTED = (
    ("$response.body.tags.length > 0", True),
    ("$response.body#/tags/length == 0 || $response.body.tags.length == 2", True),
    # of a text, the characters
    ("$response.body.title.length > 3", True),
    # nothing is known of it, or it is an object, which may have a member of that name
    ("$response.body.unknown.length > 0", True),
    ("$response.body.owner.length > 0", False),
    ("$response.body.count.length > 0", False),
    ("$response.body.tags.size > 0", False),
)


@pytest.mark.parametrize(("condition", "is_counted"), COUNTED)
def test_the_length_of_a_list_counts_its_elements(tmp_path: Path, condition: str, *, is_counted: bool) -> None:
    schema = {**TICKET, "additionalProperties": True}
    found = _validated(tmp_path, {"condition": condition}, schema)
    kinds = [each.kind for each in found if each.code == "repaired"]
    assert kinds == (["a condition counts elements by `length`"] if is_counted else [])


def test_a_condition_that_counts_is_rehearsed(tmp_path: Path) -> None:
    path = _written(tmp_path, {"condition": "$response.body.tags.length > 2"}, TICKET, "successCriteria")
    assert rehearse(path).succeeded


def test_a_filter_that_is_no_query_is_told_as_that_alone(tmp_path: Path) -> None:
    (problem,) = _validated(tmp_path, _criterion("$[?@.title == None]"))
    assert problem.code == "invalid-query"
    assert problem.fix == "write `null` where no value is meant, and `'None'` where a text is"


def test_a_text_without_quotes_in_a_filter_is_read_as_one(tmp_path: Path) -> None:
    report = _rehearsed(tmp_path, _criterion("$[?@.title == No such thing]"))
    assert report.succeeded
