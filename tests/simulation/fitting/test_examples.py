"""Which of several examples is answered: the first that has what is wanted of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import bodies, rehearsed, thing

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_SCHEMA: Final = thing(state=_TEXT, ticket=thing(value=_TEXT))
_WAITING: Final = {"state": "waiting"}
_GIVEN: Final = {"state": "given", "ticket": {"value": "T-1234"}}


def _answered(folder: Path, *examples: Any, **step: Any) -> Any:
    named = {f"n{index}": {"value": each} for index, each in enumerate(examples)}
    content = {"application/json": {"schema": _SCHEMA, "examples": named}}
    operation = {"responses": {"200": {"description": "", "content": content}}}
    report = rehearsed(folder, [{"stepId": "ask", "operationId": "ask", **step}], {"ask": operation})
    assert report.succeeded
    return bodies(report)[0]


def test_an_example_that_has_what_is_read_is_answered(tmp_path: Path) -> None:
    outputs = {"ticket": "$response.body#/ticket/value"}
    assert _answered(tmp_path, _WAITING, _GIVEN, outputs=outputs) == _GIVEN
    assert _answered(tmp_path, _GIVEN, _WAITING, outputs=outputs) == _GIVEN


def test_an_example_that_criteria_accept_is_answered(tmp_path: Path) -> None:
    criteria = [{"condition": "$response.body#/state == 'given'"}]
    assert _answered(tmp_path, _WAITING, _GIVEN, successCriteria=criteria) == _GIVEN


@pytest.mark.parametrize("examples", [(_WAITING, _GIVEN), (_WAITING,)])
def test_the_first_example_is_answered_where_nothing_else_is_wanted(examples: Any, tmp_path: Path) -> None:
    assert _answered(tmp_path, *examples) == _WAITING


def test_the_first_example_grows_where_none_has_what_is_read(tmp_path: Path) -> None:
    outputs = {"state": "$response.body#/state", "ticket": "$response.body#/ticket/value"}
    others: tuple[Any, ...] = ({"ticket": {}}, {"state": 3, "ticket": {"value": "of no text"}})
    assert _answered(tmp_path, _WAITING, *others, outputs=outputs) == {
        "state": "waiting",
        "ticket": {"value": "sample"},
    }
