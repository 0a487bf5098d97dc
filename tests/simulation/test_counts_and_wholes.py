"""A rehearsal has as many elements as a condition counts, and the whole value that one compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rehearsed import answers, bodies, rehearsed, thing

from arazzo_engine import RunStatus

if TYPE_CHECKING:
    from pathlib import Path

_LIST = {"type": "array", "items": thing(id={"type": "string"})}
_QUERY = {"type": "jsonpath", "context": "$response.body"}
_SIMPLE = {"type": "simple", "context": "$response.body"}
COUNTED: tuple[tuple[Any, dict[str, Any], int], ...] = (
    (_LIST, {"condition": "$.length == 0", **_QUERY}, 0),
    (thing(items=_LIST), {"condition": "$.items.length == 2", **_QUERY}, 2),
    (thing(items=_LIST), {"condition": "$[?length($.items) == 4]", **_QUERY}, 4),
    (thing(items=_LIST), {"condition": "count($response.body#/items) >= 2"}, 2),
    (thing(items=_LIST), {"condition": "length($response.body#/items) < 1"}, 0),
    (thing(items=_LIST), {"condition": "$response.body.items.size() != 1"}, 2),
)


@pytest.mark.parametrize(("schema", "criterion", "count"), COUNTED)
def test_what_is_counted_has_so_many_elements(
    schema: Any, criterion: dict[str, Any], count: int, tmp_path: Path
) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [criterion]}
    report = rehearsed(tmp_path, [step], {"a": answers(schema)})
    assert report.status is RunStatus.SUCCEEDED
    (body,) = bodies(report)
    assert len(body if isinstance(body, list) else body["items"]) == count


WHOLE: tuple[tuple[dict[str, Any], Any], ...] = (
    ({"condition": '{"a": [1], "b": {}, "c": []}', **_SIMPLE}, {"a": [1], "b": {}, "c": []}),
    ({"condition": "{}", **_SIMPLE}, {}),
    ({"condition": '["a"]', "context": "$response.body#/items"}, {"items": ["a"]}),
    ({"condition": "$response.body#/items == []"}, {"items": []}),
    ({"condition": "$.items == []", **_QUERY}, {"items": []}),
)


@pytest.mark.parametrize(("criterion", "body"), WHOLE)
def test_what_is_compared_as_a_whole_is_the_answer(criterion: dict[str, Any], body: Any, tmp_path: Path) -> None:
    step = {"stepId": "a", "operationId": "a", "successCriteria": [criterion]}
    report = rehearsed(tmp_path, [step], {"a": answers()})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report) == [body]


def test_a_whole_value_that_no_query_could_hold_is_compared(tmp_path: Path) -> None:
    text = "[" + ",".join(f'{{"id": "e-{number}"}}' for number in range(2_000)) + "]"
    step = {"stepId": "a", "operationId": "a", "successCriteria": [{"condition": text, **_SIMPLE}]}
    report = rehearsed(tmp_path, [step], {"a": answers(_LIST)})
    assert report.status is RunStatus.SUCCEEDED
    assert bodies(report)[0][1_999] == {"id": "e-1999"}
