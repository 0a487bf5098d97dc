"""Where a step leads, when it is tried again and what it waits for, in the fields of other formats.

Decides the action, or the field of one, that says the same; nothing where a value says more than an action can, or
where its unit is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import did_you_mean, nearest
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.reading.other_formats.criteria import of_status
from arazzo_engine.language.reading.other_formats.durations import seconds_in, seconds_of, whole
from arazzo_engine.language.reading.other_formats.fields import adding, in_flow, is_id, letters
from arazzo_engine.language.reading.ungoverned import NO_RETRY, PAUSE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.other_formats.fields import OddField

LIMITS: Final = (
    *("retries", "maxretries", "maxretry", "limit", "count", "times", "retrycount", "retrylimit", "max"),
    *("retryattempts", "maxretryattempts"),
)
# what counts the first attempt as well
ATTEMPTS: Final = ("attempts", "maxattempts", "tries", "maxtries")
# by which a state machine says that it counts what comes after the first
_OF_STATES: Final = frozenset({"backoffrate", "intervalseconds", "errorequals"})
# by which an action says where it goes
TARGETS: Final = ("goto", "step", "target", "next")
_WAITS: Final = ("delay", "retrydelay", "retryinterval", "wait", "interval", "after", "sleep", "pause", "retryafter")
_UNITS: Final = ("", "ms", "millis", "milliseconds", "seconds", "secs", "sec", "inseconds", "inms", "inmilliseconds")
DELAYS: Final = tuple(f"{name}{unit}" for name in _WAITS for unit in _UNITS)
_UNCOUNTED: Final = ", which does not count the first attempt"
# by which a step or a workflow is said to be tried again
AGAIN: Final = frozenset(
    {
        *("retry", "retries", "maxretries", "retrycount", "retrylimit", "retryattempts", "maxretryattempts", *ATTEMPTS),
        *(each for each in DELAYS if each.startswith("retry")),
    }
)


def go_on(odd: OddField) -> str:
    """``next: pay`` is an action of type ``goto``."""
    if not is_id(odd.value):
        return ""
    target = str(odd.value)
    if odd.around is not None and odd.around.is_next(target):
        return f"remove `{odd.name}`: step `{target}` follows this one"
    found = _meant(target, odd, "stepId")
    is_end = target.casefold() == "end" and found is None
    if odd.around is not None and found is None and not is_end:
        to_some = adding("onSuccess", [{"name": "to-…", "type": "goto", "stepId": "…"}], odd)
        return f"{to_some} with the id of a step: no step or workflow is called `{target}`"
    field, meant = found or ("stepId", target)
    entry = {"name": "stop", "type": "end"} if is_end else {"name": f"to-{meant}", "type": "goto", field: meant}
    is_other = f", or with `type: goto` and `stepId: {target}` if a step is called so" if is_end else ""
    return f"{adding('onSuccess', [entry], odd)}{is_other}"


def _meant(target: str, odd: OddField, field: str) -> tuple[str, str] | None:
    """Return the field and the id of the step or workflow that is named, or nearly so; ``None`` where none is."""
    if odd.around is None:
        return None
    steps, workflows = odd.around.steps.numbers, odd.around.steps.workflows
    fields = {"stepId": steps, "workflowId": workflows}
    others = dict(sorted(fields.items(), key=lambda each: each[0] != field))
    exact = next(((name, target) for name, known in others.items() if target in known), None)
    near = ((name, nearest(target, known)) for name, known in others.items())
    return exact or next(((name, each) for name, each in near if each is not None), None)


def try_again(odd: OddField) -> str:
    """``retry: {limit: 3, delay: 2}`` of a step is an action of type ``retry``, and so are such fields beside it."""
    return _trying(odd, "onFailure")


def try_steps_again(odd: OddField) -> str:
    """``retry: 3`` of a workflow is an action of type ``retry`` of all of its steps."""
    return _trying(odd, "failureActions")


def _trying(odd: OddField, field: str) -> str:
    found = odd.value if isinstance(odd.value, dict) else dict(_beside(odd))
    said = _said_of_retry(found)
    if not said:
        return ""
    counts = any(_counting(found).values())
    uncounted = ": `retryLimit` does not count the first attempt" if counts else ""
    if any(as_mapping(each).get("type") == "retry" for each in as_list(odd.beside.get(field))):
        written = "` and `".join(f"{name}: {each}" for name, each in said.items())
        return f"write `{written}` in the action of `{field}` with `type: retry`{uncounted}"
    return f"{adding(field, [{'name': 'again', 'type': 'retry', **said}], odd)}{uncounted}"


def _beside(odd: OddField) -> Iterator[tuple[str, JsonValue]]:
    """Yield what the fields of a step or of a workflow say of other attempts, each by its name in an action."""
    for name, each in odd.beside.items():
        if letters(name) in AGAIN:
            yield ("retries" if letters(name) == "retry" else name), each


def _said_of_retry(fields: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the fields of an action that say what others say of another attempt, none where one says more."""
    after = [_seconds(letters(name), each) for name, each in fields.items() if letters(name) in DELAYS]
    counting = _counting(fields)
    limits = [_limit(each, counting[name]) for name, each in fields.items() if name in counting]
    if len(after) > 1 or len(limits) > 1 or None in (*after, *limits) or len(after) + len(limits) < len(fields):
        return {}
    return {**({"retryAfter": after[0]} if after else {}), **({"retryLimit": limits[0]} if limits else {})}


def _counting(fields: Mapping[str, JsonValue]) -> dict[str, int]:
    """Return the fields that count attempts, with how many of them `retryLimit` does not count."""
    of_states = any(letters(name) in _OF_STATES for name in fields)
    counted = {name: letters(name) for name in fields if letters(name) in (*LIMITS, *ATTEMPTS)}
    return {name: int(word in ATTEMPTS and not of_states) for name, word in counted.items()}


def _limit(value: JsonValue, uncounted: int) -> int | None:
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    return number - uncounted if type(number) is int and number > uncounted else None


def _seconds(word: str, value: JsonValue) -> int | float | None:
    seconds = seconds_of(word, value)
    return None if seconds is None else whole(seconds)


def limit(odd: OddField) -> str:
    """``limit: 3`` of an action is its ``retryLimit``, and ``maxAttempts: 3`` one of 2."""
    uncounted = _counting({**odd.beside, odd.name: odd.value})[odd.name]
    number = None if "retryLimit" in odd.beside else _limit(odd.value, uncounted)
    return "" if number is None else f"write it as `retryLimit: {number}`{_UNCOUNTED if uncounted else ''}"


def delay(odd: OddField) -> str:
    """``delay: 500ms`` of an action is its ``retryAfter``, in seconds."""
    number = None if "retryAfter" in odd.beside else _seconds(letters(odd.name), odd.value)
    return "" if number is None else f"write it as `retryAfter: {number}`, in seconds"


def retry_of_success(_odd: OddField) -> str:
    """``delay: 2`` of an action on a success is none of it: what waits has not succeeded yet."""
    return NO_RETRY


def target(odd: OddField) -> str:
    """``goto: pay`` of an action is ``type: goto`` with that ``stepId``."""
    return _leading(odd, "stepId")


def workflow(odd: OddField) -> str:
    """``workflow: pay`` of an action is ``type: goto`` with that ``workflowId``."""
    return _leading(odd, "workflowId")


def _leading(odd: OddField, field: str) -> str:
    if not is_id(odd.value) or not {"stepId", "workflowId"}.isdisjoint(odd.beside):
        return ""
    # a retry may go to a step before it asks again
    is_typed = odd.beside.get("type") in ("goto", "retry")
    field, meant = _meant(str(odd.value), odd, field) or (field, odd.value)
    return f"write it as {'' if is_typed else '`type: goto` and '}`{field}: {in_flow(meant)}`"


def statuses(odd: OddField) -> str:
    """``on: 503`` of an action is a criterion of it."""
    condition = of_status(odd.value)
    return adding("criteria", [{"condition": condition}], odd) if condition else ""


def needs(odd: OddField) -> str:
    """``needs: [a]`` of a step is its ``dependsOn``, which stands in the order alone where there is none."""
    # `runAfter: {find: [Succeeded]}` has the steps as names
    named = list(odd.value) if isinstance(odd.value, dict) else as_list(odd.value) or [odd.value]
    found = [each.removeprefix("$steps.") if isinstance(each, str) else each for each in named]
    if letters(odd.name) == "after" and (type(odd.value) is int or seconds_in(str(odd.value)) is not None):
        return PAUSE
    if "dependsOn" in odd.beside or not all(map(is_id, found)):
        return ""
    return (_of_known(odd, list(map(str, found))) if odd.around is not None else "") or _depending(odd, found)


def _of_known(odd: OddField, names: list[str]) -> str:
    """Return the fix for steps that are before this one anyway, or that there are not; empty for any others."""
    if odd.around is None:
        return ""
    known = odd.around.steps
    unknown = [each for each in names if each not in known.numbers]
    if unknown and unknown[0] in known.workflows:
        return f"`{unknown[0]}` is a workflow: write `dependsOn: [{unknown[0]}]` in the workflow of this step"
    if unknown:
        near = did_you_mean(unknown[0], known.numbers)
        return f"remove `{odd.name}`: no step is called `{unknown[0]}`{f'; {near}' if near else ''}"
    if "dependsOn" in odd.allowed or not all(map(odd.around.is_earlier, names)):
        return ""
    are_before = f"`{'` and `'.join(names)}` {'is' if len(names) == 1 else 'are'} before this one"
    return f"remove `{odd.name}`: steps run in their order, and {are_before}"


def _depending(odd: OddField, found: list[JsonValue]) -> str:
    written = f"`dependsOn: {in_flow(found)}`"
    if "dependsOn" in odd.allowed:
        return f"write {written}"
    later = [each for each in found if odd.around is None or not odd.around.is_earlier(str(each))]
    named = "` and `".join(map(str, later))
    return f"put the step behind `{named}`: steps run in their order; or write {written} and `arazzo: 1.1.0`"


def timeout(odd: OddField) -> str:
    """``timeoutSeconds: 5`` of a step is its ``timeout``, in milliseconds."""
    word = letters(odd.name)
    seconds = None if "timeout" in odd.beside or word in ("maxduration", "deadline") else seconds_of(word, odd.value)
    if seconds is None:
        return ""
    later = "" if "timeout" in odd.allowed else ", and `arazzo: 1.1.0`, which has it"
    return f"write `timeout: {whole(round(seconds * 1000, 3))}`, in milliseconds{later}"
