"""The repair of a `retry` that stands in `onSuccess`: what asks for another attempt is no success yet.

Decides it from simple conditions alone, of which each has an opposite; of another kind, the reader tells what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.criteria import DEFAULT_CRITERION
from arazzo_engine.language.repairs.names import entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_ONLY_SIMPLE: Final = frozenset({"condition"})


def is_retry(action: JsonValue) -> bool:
    """Whether an entry of ``onSuccess`` asks for another attempt."""
    return isinstance(action, dict) and action.get("type") == "retry"


def retry_unfinished(value: JsonValue, _names: Names) -> JsonValue:
    """A success that is tried again while something holds is one only when it does not, and `onFailure` tries again.

    When no attempt is left the step has failed: what the document waits for has not come.
    """
    actions = entries(value, "onSuccess")
    index = next((at for at, each in enumerate(actions) if is_retry(each)), None)
    failing = value.get("onFailure", []) if isinstance(value, dict) else None
    if index is None or not isinstance(value, dict) or not isinstance(failing, list):
        return None
    done = _success_without(actions[:index], actions[index])
    if done is None or any(
        isinstance(each, dict) and each.get("name") == actions[index].get("name") for each in failing
    ):
        return None
    succeeding = entries(value, "successCriteria") or [{"condition": DEFAULT_CRITERION}]
    # it is made where the answer alone would be a success, as it was written
    moved = {**actions[index], "criteria": [*succeeding, *entries(actions[index], "criteria")]}
    others = [*actions[:index], *actions[index + 1 :]]
    kept = {name: each for name, each in value.items() if name != "onSuccess"}
    return {
        **kept,
        "successCriteria": [*succeeding, {"condition": done}],
        **({"onSuccess": others} if others else {}),
        "onFailure": [moved, *entries(value, "onFailure")],
    }


def _name(action: JsonValue) -> JsonValue:
    return action.get("name") if isinstance(action, dict) else None


def _success_without(before: Sequence[JsonValue], retry: JsonValue) -> str | None:
    """Return the condition under which a step goes on: an earlier action is taken, or the retry is not."""
    earlier = [_condition(each) for each in before]
    again = _condition(retry)
    if again is None or not all(earlier):
        return None
    ways = [f"({each})" if len(before) > 1 or again else each for each in earlier if each]
    return " || ".join([*ways, *([f"!({again})"] if again else [])]) or None


def _condition(action: JsonValue) -> str | None:
    """Return the criteria of an action as one condition, an empty one for none; ``None`` where a query is one."""
    criteria = entries(action, "criteria")
    if not all(isinstance(each, dict) and each.keys() == _ONLY_SIMPLE for each in criteria):
        return None
    texts = [each["condition"] for each in criteria]
    if not all(isinstance(each, str) for each in texts):
        return None
    return " && ".join(f"({each})" for each in texts) if len(texts) > 1 else "".join(texts)
