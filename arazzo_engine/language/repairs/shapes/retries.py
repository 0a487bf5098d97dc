"""The repair of a `retry` that stands in `onSuccess`: what asks for another attempt is no success yet.

Decides it from comparisons alone, of which each has an opposite; of another kind, the reader tells what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.criteria import DEFAULT_CRITERION
from arazzo_engine.language.repairs.criteria.comparisons import condition_of
from arazzo_engine.language.repairs.names import entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_ONLY_SIMPLE: Final = frozenset({"condition"})
_OF_QUERIES: Final = frozenset({"condition", "context", "type"})


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
    if done is None or _name(actions[index]) in map(_name, entries(value, "onFailure")):
        return None
    succeeding = entries(value, "successCriteria") or [{"condition": DEFAULT_CRITERION}]
    # it is made where the answer alone would be a success, as it was written
    moved = {**actions[index], "criteria": [*succeeding, *entries(actions[index], "criteria")]}
    others = [*actions[:index], *actions[index + 1 :]]
    kept = {name: each for name, each in value.items() if name != "onSuccess"}
    return {
        **kept,
        "successCriteria": [*succeeding, done],
        **({"onSuccess": others} if others else {}),
        "onFailure": [moved, *entries(value, "onFailure")],
    }


def _name(action: JsonValue) -> JsonValue:
    return action.get("name") if isinstance(action, dict) else None


def _success_without(before: Sequence[JsonValue], retry: JsonValue) -> JsonValue:
    """Return the criterion under which a step goes on: an earlier action is taken, or the retry is not."""
    earlier = [_criteria(each) for each in before]
    again = _criteria(retry)
    asked = [each for criteria in (*earlier, again) for each in criteria]
    # what is asked of different values, or in different languages, is no one condition
    kinds = [{name: each for name, each in criterion.items() if name != "condition"} for criterion in asked]
    if not asked or not all(earlier) or any(kind != kinds[0] for kind in kinds) or not all(map(_is_comparison, asked)):
        return None
    ways = [_together(each) for each in earlier]
    ways = [f"({each})" for each in ways] if len(asked) > 1 else ways
    return {**kinds[0], "condition": " || ".join([*ways, *([f"!({_together(again)})"] if again else [])])}


def _criteria(action: JsonValue) -> list[dict[str, JsonValue]]:
    return [each if isinstance(each, dict) else {"condition": each} for each in entries(action, "criteria")]


def _together(criteria: Sequence[dict[str, JsonValue]]) -> str:
    texts = [str(each["condition"]) for each in criteria]
    return " && ".join(f"({each})" for each in texts) if len(texts) > 1 else texts[0]


def _is_comparison(criterion: dict[str, JsonValue]) -> bool:
    """Whether a criterion is a simple condition, or the comparison that another repair makes of a query."""
    text = criterion.get("condition")
    if not isinstance(text, str):
        return False
    of_query = criterion.keys() == _OF_QUERIES and criterion["type"] == "jsonpath"
    return criterion.keys() == _ONLY_SIMPLE or (of_query and condition_of(text, "/".join) is not None)
