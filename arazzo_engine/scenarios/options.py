"""The options of a scenario: those of a run that decide what it does, and the time at which it takes place.

Decides which there are and of which form each is. What they mean is known where a run is prepared.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.reading.nodes import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.documents.document import Place

_CODE: Final = "scenario-invalid"


def time_of(written: str) -> datetime:
    """Return the time of a scenario, as it is written; raises ``ValueError``."""
    time = datetime.fromisoformat(written)
    if time.tzinfo is None:
        raise ValueError("without a zone, it is no one time")
    return time


def problems_of_options(at: Place) -> Iterator[Diagnostic]:
    """Yield what is wrong with the options at a place."""
    for name, value in as_mapping(value_at(at)).items():
        here = at.child(name)
        if name not in _FORMS:
            fix = did_you_mean(name, _FORMS) or f"there are {', '.join(f'`{known}`' for known in _FORMS)}"
            yield diagnose(_CODE, f"a scenario has no option `{name}`", here.key_location(), fix=fix)
            continue
        what, is_right = _FORMS[name]
        if not is_right(value):
            found = f"`{value}`" if name in _WRITTEN and isinstance(value, str) else type_name(value)
            message = f"`{name}` must be {what}, not {found}"
            yield diagnose(_CODE, message, here.location(), fix="write it as for `arazzo run`")


def _is_texts(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_list(value: Any) -> bool:  # noqa: ANN401 - the same
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_count(value: Any) -> bool:  # noqa: ANN401 - the same
    return type(value) is int


def _is_number(value: Any) -> bool:  # noqa: ANN401 - the same
    return type(value) in {int, float}


def _is_flag(value: Any) -> bool:  # noqa: ANN401 - the same
    return isinstance(value, bool)


def _is_check(value: Any) -> bool:  # noqa: ANN401 - the same
    return value in ("off", "warn", "error")


def _is_time(value: Any) -> bool:  # noqa: ANN401 - the same
    try:
        return isinstance(value, str) and time_of(value).timestamp() >= 0
    except (ValueError, OverflowError):
        return False


_FORMS: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "clock": ("a time such as `2026-01-01T00:00:00Z`", _is_time),
    **dict.fromkeys(("sources", "servers", "server-vars", "auth"), ("an object of texts", _is_texts)),
    **dict.fromkeys(("source-dir", "allow-host", "no-auth", "assume-idempotent"), ("a list of texts", _is_list)),
    **dict.fromkeys(("step-timeout", "max-wait"), ("a number of seconds", _is_number)),
    **dict.fromkeys(("max-steps", "max-nesting", "max-value", "max-report"), ("a whole number", _is_count)),
    **dict.fromkeys(("retry-unsafe", "strict"), ("true or false", _is_flag)),
    "check": ("`off`, `warn` or `error`", _is_check),
}
# of these, a text may be the wrong one
_WRITTEN: Final = frozenset(("clock", "check"))
OPTIONS: Final = tuple(_FORMS)
