"""Queries that no single element of a list meets have elements of their own, and what must not be is in none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing, written

import arazzo_engine
from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_LINK: Final = thing(rel={"type": "string"}, href={"type": "string"}, n={"type": "integer"})
_LINKS: Final = thing(links={"type": "array", "items": _LINK})
_SELF: Final = "$.links[?@.rel=='self']"
_NEXT: Final = "$.links[?@.rel=='next']"


def _jsonpath(condition: str, **rest: Any) -> dict[str, Any]:
    return {"context": "$response.body", "type": "jsonpath", "condition": condition, **rest}


def _selected(selector: str) -> dict[str, Any]:
    return {"context": "$response.body", "selector": selector, "type": "jsonpath"}


def _rehearsed(folder: Path, schema: Any, **step: Any) -> Any:
    document = written(folder, [{"stepId": "a", "operationId": "a", **step}], {"a": answers(schema)})
    document.write_text(document.read_text().replace('"1.0.1"', '"1.1.0"'))
    return arazzo_engine.rehearse(document, "w")


@pytest.mark.parametrize(
    "criteria",
    [
        [_jsonpath(_SELF), _jsonpath(_NEXT)],
        [_jsonpath("$.links[?@.rel=='self' && @.n > 3]"), _jsonpath("$.links[?@.rel=='next' && @.n < 3]")],
        [{"condition": "$response.body#/links/0/rel == 'first'"}, _jsonpath(_SELF), _jsonpath(_NEXT)],
        [_jsonpath(_SELF), {"condition": "$response.body#/links/0/rel == 'first'"}],
        [_jsonpath("$.links[?@.rel!='self']"), _jsonpath(_SELF)],
    ],
)
def test_each_query_has_an_element_that_it_selects(criteria: list[dict[str, Any]], tmp_path: Path) -> None:
    report = _rehearsed(tmp_path, _LINKS, successCriteria=criteria)
    assert report.status is RunStatus.SUCCEEDED, report.steps[0].criteria


def test_each_output_has_an_element_that_it_selects(tmp_path: Path) -> None:
    outputs = {"a": _selected(f"{_SELF}.href"), "b": _selected(f"{_NEXT}.href"), "c": _selected(f"{_SELF}.n")}
    report = _rehearsed(tmp_path, _LINKS, outputs=outputs, successCriteria=[_jsonpath("$.links[?@.rel=='last']")])
    assert dict(report.steps[0].outputs) == {"a": "sample", "b": "sample", "c": 1}
    assert [each["rel"] for each in bodies(report)[0]["links"]] == ["self", "next", "last"]


def test_an_element_of_the_example_that_is_selected_stays_as_it_is(tmp_path: Path) -> None:
    links = [{"rel": "self", "href": "/me", "n": 1}, {"rel": "next", "href": "/2", "n": 2}]
    report = _rehearsed(tmp_path, {**_LINKS, "example": {"links": links}}, outputs={"next": _selected(f"{_NEXT}.href")})
    assert report.steps[0].outputs["next"] == "/2"
    assert bodies(report) == [{"links": links}]


def test_elements_within_elements_are_told_apart(tmp_path: Path) -> None:
    tags = {"type": "array", "items": {"type": "string"}}
    criteria = [
        _jsonpath("$.links[?@.rel=='a'].tags[?@=='x']"),
        _jsonpath("$.links[?@.rel=='a'].tags[?@=='y']"),
        _jsonpath("$.links[?@.rel=='b'].tags[?@=='x']"),
    ]
    schema = thing(links={"type": "array", "items": thing(rel={"type": "string"}, tags=tags)})
    report = _rehearsed(tmp_path, schema, successCriteria=criteria)
    assert report.status is RunStatus.SUCCEEDED, report.steps[0].criteria


def test_a_loop_while_any_element_is_open_ends_when_none_is(tmp_path: Path) -> None:
    items = [{"rel": "open"}, {"rel": "done"}, {"rel": "open"}]
    more = {"name": "more", "type": "goto", "stepId": "a", "criteria": [_jsonpath("$.links[?@.rel=='open']")]}
    step = {"stepId": "a", "operationId": "a", "onSuccess": [more]}
    report = rehearsed(tmp_path, [step], {"a": answers({**_LINKS, "example": {"links": items}})})
    assert report.status is RunStatus.SUCCEEDED
    first, last = bodies(report)
    assert first == {"links": items}
    assert all(each["rel"] != "open" for each in last["links"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("@.n > 5", "@.n < 5"),
        ("search(@.rel, '^a')", "match(@.rel, 'b.*')"),
        ("@.rel == 'a'", "@.rel != 'a'"),
    ],
)
def test_filters_that_exclude_each_other_have_elements_of_their_own(one: str, other: str, tmp_path: Path) -> None:
    report = _rehearsed(
        tmp_path, _LINKS, successCriteria=[_jsonpath(f"$.links[?{one}]"), _jsonpath(f"$.links[?{other}]")]
    )
    assert report.status is RunStatus.SUCCEEDED
    assert len(bodies(report)[0]["links"]) == 2


def test_filters_that_one_element_can_pass_share_it(tmp_path: Path) -> None:
    criteria = [_jsonpath("$.links[?@.n > 5]"), _jsonpath("$.links[?@.n < 7]")]
    report = _rehearsed(tmp_path, _LINKS, successCriteria=criteria)
    assert [each["n"] for each in bodies(report)[0]["links"]] == [6]
