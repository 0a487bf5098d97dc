"""A job that is asked about until it is done: which operation does so, and what its answers say.

Decides it by the words of a description: what is read by its id is a job, and its state is one of some that mean *not
yet*, *done* or *failed*. What no word says is no poll: an order that is pending is read, and not waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.drafting.fields import main_thing, success_of
from arazzo_engine.drafting.names import camel
from arazzo_engine.words import State, states_in, words_of

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.drafting.plain_schemas import Plain

_JOBS: Final = frozenset({"job", "task", "export", "import", "operation", "run", "build", "deployment", "process"})
_STATES: Final = ("status", "state", "phase")
# seconds between two looks, and how many there are
_EVERY, _MOST = 2, 30


class Poll(Struct, frozen=True):
    """What an answer says of a job: where, what means that it is done, and what that it never will be."""

    pointer: tuple[str, ...]
    done: str
    failed: tuple[str, ...]


def poll_of(operation: Operation, plain: Plain) -> Poll | None:
    """Return what the answers of an operation say of a job, if it is one that it reads."""
    is_read = operation.method == "GET" and operation.path.rstrip("/").endswith("}")
    if not is_read or not _JOBS & set(words_of(main_thing(operation))):
        return None
    success = success_of(operation)
    media_types = success.media_types if success is not None else ()
    schema = next((each.schema for each in media_types if "json" in each.name.lower()), None)
    members = plain.members(schema)
    found = (_poll(name, plain.schema(members[name]).get("enum")) for name in _STATES if name in members)
    return next((each for each in found if each is not None), None)


def _poll(name: str, states: Any) -> Poll | None:  # noqa: ANN401 - what a schema says
    texts = [each for each in states or () if isinstance(each, str)]
    done, failed = (tuple(each for each in texts if state in states_in(each)) for state in (State.DONE, State.FAILED))
    waits = any(State.NOT_YET in states_in(each) for each in texts)
    return Poll((name,), done[0], failed) if waits and done else None


def asking_until_done(poll: Poll, answered: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the criterion that a job is done, and the actions where it is not; ``answered`` is that of an answer."""
    stops = [_action(camel(("stop", *words_of(each))), "end", _is(poll, each)) for each in poll.failed]
    again = _action("notYet", "retry", answered) | {"retryAfter": _EVERY, "retryLimit": _MOST}
    return {"condition": _is(poll, poll.done)}, [*stops, again]


def _action(name: str, type_: str, condition: str) -> dict[str, Any]:
    return {"name": name, "type": type_, "criteria": [{"condition": condition}]}


def _is(poll: Poll, state: str) -> str:
    # "Strings MUST use single quotes (') around the string": within it, a quote is written twice
    text = state.replace("'", "''")
    return f"$response.body#{render_pointer(poll.pointer)} == '{text}'"
