"""What the answer of an exchange gives to requests that come later, and how the step that it is of judges answers.

Decides which values of an answer may be asked for: those that its description has, or says nothing about. A request
that was repeated until its answer had changed becomes a poll.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.drafting.draft import SUCCESS
from arazzo_engine.drafting.exchanges import leaves
from arazzo_engine.drafting.fields import Gift, main_thing
from arazzo_engine.drafting.names import is_id, thing_of_id
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.descriptions.operations import ResponseDescription
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.drafting.exchanges import Matched
    from arazzo_engine.drafting.plain_schemas import Plain

TYPES: Final = {bool: "boolean", int: "integer", float: "number", str: "string"}
_PROGRESS: Final = frozenset({"status", "state", "phase", "stage", "done", "ready", "finished", "completed"})
_PLAIN_WORD: Final = lazy_pattern(r"[A-Za-z0-9_. -]+", re.ASCII)


class Given(Silent, frozen=True):
    """A value of an answer, and the step that has it."""

    step_id: str
    gift: Gift
    value: Any


def _success(matched: Matched) -> ResponseDescription | None:
    """Return what the description says of the answer that came: by its status, else by its range, else any."""
    status = str(matched.exchange.response.status)
    by_status = {each.status.upper(): each for each in matched.known.operation.responses}
    return next((by_status[each] for each in (status, f"{status[0]}XX", "DEFAULT") if each in by_status), None)


def gifts_in(matched: Matched, step_id: str) -> Iterator[Given]:
    """Yield the values of an answer that its description knows of, in their order."""
    described, plain = _success(matched), matched.known.plain
    media_types = described.media_types if described is not None else ()
    schema = next((each.schema for each in media_types if "json" in each.name.lower()), None)
    thing = main_thing(matched.known.operation)
    for pointer, value in leaves(matched.exchange.response.payload):
        names = [each for each in pointer if not each.isdigit()]
        name = names[-1] if names else "value"
        if media_types and _is_described(schema, pointer, plain):
            of = thing_of_id(name) or (thing if is_id(name) else "")
            yield Given(step_id, Gift(name, of, TYPES.get(type(value), ""), pointer), value)


def _is_described(schema: Schema | None, pointer: tuple[str, ...], plain: Plain) -> bool:
    """Whether a description says of an answer that it has a value, or says nothing at all of what is there."""
    for name in pointer:
        if schema is None or plain.has_alternatives(schema):
            return True
        members, elements = plain.members(schema), plain.elements(schema)
        if name in members:
            schema = members[name]
        elif elements is not None and name.isdigit():
            schema = elements
        else:
            return not members and elements is None
    return True


def judged(matched: Matched) -> dict[str, Any]:
    """Return the criteria of a step; what was asked for until it had changed is asked for again."""
    status = matched.exchange.response.status
    documented = {each.status for each in matched.known.operation.responses}
    criteria = [f"$statusCode == {status}" if str(status) in documented else SUCCESS]
    until = _until(matched)
    if not until:
        return {"successCriteria": [{"condition": each} for each in criteria]}
    again = {
        "name": "again",
        "type": "retry",
        "retryAfter": 1,
        "retryLimit": max(30, 2 * len(matched.exchange.earlier)),
    }
    retry = {**again, "criteria": [{"condition": each} for each in criteria]}
    return {"successCriteria": [{"condition": each} for each in (*criteria, until)], "onFailure": [retry]}


def _until(matched: Matched) -> str:
    """Return the condition that the last answer was the first to meet, empty when none can be told."""
    exchange = matched.exchange
    earlier = [dict(leaves(each.payload)) for each in exchange.earlier if each.status == exchange.response.status]
    for given in gifts_in(matched, ""):
        pointer, value = given.gift.pointer, given.value
        is_new = bool(earlier) and all(each.get(pointer, value) != value for each in earlier)
        if is_new and pointer[-1].lower() in _PROGRESS and (literal := _literal(value)):
            return f"$response.body#/{'/'.join(pointer)} == {literal}"
    return ""


def _literal(value: Any) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) and _PLAIN_WORD.fullmatch(value) else ""
