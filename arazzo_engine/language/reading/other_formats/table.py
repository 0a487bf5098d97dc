"""The fields of other formats whose values say what to write: by the object that has them and their names.

Decides which of them is asked; the words of what no value says are in ``advice`` and ``ungoverned``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.reading.other_formats import actions, criteria, outputs, sent
from arazzo_engine.language.reading.other_formats.fields import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.language.reading.other_formats.fields import OddField

# what is longer is not shown in a fix
_LONGEST: Final = 400
_NEEDS: Final = (
    "dependson",
    "needs",
    "requires",
    "require",
    "dependencies",
    "depends",
    "dependency",
    "after",
    "runafter",
)
_ACTION: Final = {
    **dict.fromkeys(actions.TARGETS, actions.target),
    "workflow": actions.workflow,
    **dict.fromkeys(actions.DELAYS, actions.delay),
    **dict.fromkeys((*actions.LIMITS, *actions.ATTEMPTS), actions.limit),
    **dict.fromkeys(("on", "status", "statuses", "statuscode", "statuscodes", "onstatus", "codes"), actions.statuses),
}
_TIMEOUTS: Final = (
    *("timeoutseconds", "timeoutms", "timeoutinseconds", "timeoutmillis", "timeoutsecs", "timeoutsec"),
    *("timeoutminutes", "timeoutinminutes", "timeoutmins"),
)
_TABLE: Final[Mapping[str, Mapping[str, Callable[[OddField], str]]]] = {
    "Step Object": {
        **dict.fromkeys(("goto", "next", "nextstep", "then"), actions.go_on),
        **dict.fromkeys(actions.AGAIN, actions.try_again),
        **dict.fromkeys(_NEEDS, actions.needs),
        **dict.fromkeys(_TIMEOUTS, actions.timeout),
        **dict.fromkeys(sent.PLACED, sent.by_place),
        **dict.fromkeys(sent.NAMED, sent.by_name),
        **dict.fromkeys((*criteria.EXPECTED, *criteria.REMARKS), criteria.expected),
        **dict.fromkeys(criteria.STATUSES, criteria.status),
        **dict.fromkeys(outputs.KEPT, outputs.kept),
    },
    "Workflow Object": {
        **dict.fromkeys(actions.AGAIN, actions.try_steps_again),
        **dict.fromkeys(_NEEDS, actions.needs),
    },
    "Criterion Object": dict.fromkeys(criteria.COMPARED, criteria.compared),
    "Success Action Object": {
        **_ACTION,
        **dict.fromkeys((*actions.DELAYS, *actions.LIMITS, *actions.ATTEMPTS), actions.retry_of_success),
    },
    "Failure Action Object": _ACTION,
}


def instead_of_field(owner: str, odd: OddField) -> str:
    """Return what to write for a field of another format, with what stands in it; empty where that does not say it."""
    write = _TABLE.get(owner, {}).get(letters(odd.name))
    fix = "" if write is None else write(odd)
    return fix if len(fix) <= _LONGEST else ""
