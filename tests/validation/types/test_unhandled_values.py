"""Values that an answer may have, that no action handles, and that go on as another one is told to."""

from __future__ import annotations

from typing import Any

import pytest
from validated import validated

_STATE = "$response.body#/state"


def _action(target: str | None, *conditions: str, name: str = "on") -> dict[str, Any]:
    leads = {"type": "end"} if target is None else {"type": "goto", "stepId": target}
    return {"name": name, **leads, "criteria": [{"condition": each} for each in conditions]}


def _told(*actions: dict[str, Any], criterion: Any = "$statusCode == 200", state: Any = None) -> list[tuple[str, str]]:
    """Return what is told of a step with actions, before the steps `next` and `last`."""
    described = state or {"type": "string", "enum": ["open", "sold", "held"]}
    schema = {"type": "object", "properties": {"state": described, "kind": {"enum": ["a", "b"]}}}
    answers = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    asked = criterion if isinstance(criterion, dict) else {"condition": criterion}
    tried = {"stepId": "tried", "operationId": "tried", "successCriteria": [asked], "onSuccess": [*actions]}
    after = [{"stepId": each, "operationId": "op"} for each in ("next", "last")]
    found = validated({}, {"responses": answers}, workflow={"steps": [tried, *after]})
    return [(each.message, each.fix) for each in found if each.code == "value-unhandled"]


_OPEN = _action("next", f"{_STATE} == 'open'", name="go")
_SOLD = _action("last", f"{_STATE} == 'sold'")


def test_a_value_that_no_action_is_for_is_told_with_the_step_that_it_goes_on_to() -> None:
    ((message, fix),) = _told(_OPEN, _SOLD)
    assert message == (
        f"`'held'` of `{_STATE}` is handled by no action of step `tried`, and goes on to step `next`,"
        " as action `go` does"
    )
    assert fix == f"add an action for it, or add `|| {_STATE} == 'held'` to the criterion of the one that is meant"


def test_several_values_are_told_together() -> None:
    ((message, fix),) = _told(_OPEN, _SOLD, state={"enum": ["open", "sold", "held", "lost"]})
    assert message.startswith(f"`'held'`, `'lost'` of `{_STATE}` are handled by no action")
    assert f"`|| {_STATE} == 'held' || {_STATE} == 'lost'`" in fix


@pytest.mark.parametrize(
    "actions",
    [
        (_action("next", "$statusCode == 200", f"{_STATE} == 'open'"), _SOLD),
        (_action("next", f"$statusCode == 200 && {_STATE} == 'open'"), _action(None, f"{_STATE} == 'sold'")),
    ],
)
def test_a_status_beside_the_value_changes_nothing(actions: tuple[dict[str, Any], ...]) -> None:
    assert len(_told(*actions)) == 1


@pytest.mark.parametrize(
    "actions",
    [
        # every value has its action
        (_OPEN, _action("last", f"{_STATE} == 'sold' || {_STATE} == 'held'")),
        # nothing says that the next step is for one value alone
        (_action("last", f"{_STATE} == 'open'"), _action(None, f"{_STATE} == 'sold'")),
        (_OPEN,),
        (_OPEN, _action("next", f"{_STATE} == 'sold'", name="too")),
        # whatever else comes
        (_OPEN, _action("last")),
        (_OPEN, _action("last", f"{_STATE} != 'open'")),
        (_OPEN, _action("last", f"!({_STATE} == 'open')")),
        (_OPEN, _SOLD, _action("last", "$response.body#/kind == 'a'", name="kind")),
        (_OPEN, _SOLD, _action("last", "$statusCode == 200", name="all")),
    ],
)
def test_values_that_are_handled_or_may_be_meant_to_go_on_are_let_be(actions: tuple[dict[str, Any], ...]) -> None:
    assert _told(*actions) == []


@pytest.mark.parametrize(
    "criterion",
    [
        f"{_STATE} != 'held'",
        "$response.body.state == 'open' || $response.body.state == 'sold'",
        {"context": "$response.body", "type": "jsonpath", "condition": "$[?@.state != 'held']"},
    ],
)
def test_a_value_with_which_the_step_fails_is_let_be(criterion: Any) -> None:
    assert _told(_OPEN, _SOLD, criterion=criterion) == []


@pytest.mark.parametrize("state", [{"type": "string"}, {"type": "string", "enum": ["open", "sold"]}, {}])
def test_values_that_nobody_lists_are_let_be(state: dict[str, Any]) -> None:
    assert _told(_OPEN, _SOLD, state=state or {"nullable": True}) == []
