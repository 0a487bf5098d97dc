"""A criterion that failed, in words: the value that it met, and what the answer has instead of what is missing.

Decides it from the criterion and its explanation alone, as they stand in a report, and looks into the answer only for
the names beside one that is missing. What is no plain comparison is told by its explanation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.language.criteria import CriterionResult
    from arazzo_engine.language.messages.answers import NoResponse

_VALUE: Final = r"'(?:[^']|'')*'|<[^<>]*>|[^\s'=<>!&|]+"
_EXPLAINED: Final = lazy_pattern(rf"({_VALUE})\s*(==|!=|<=|>=|<|>)\s*({_VALUE})")
_COMPARED: Final = lazy_pattern(rf"(\$[^\s=<>!&|]+)\s*(?:==|!=|<=|>=|<|>)\s*(?:{_VALUE})")
_POINTER: Final = lazy_pattern(r"\$response\.body(?:#/|\.)(.+)")
_IS_NOT: Final = {
    "==": "is not",
    "!=": "is",
    "<": "is not less than",
    "<=": "is more than",
    ">": "is not more than",
    ">=": "is less than",
}
_STATUS: Final = "$statusCode"
_ABSENT: Final = "absent"
_MOST_NAMES: Final = 8


class Compared(Struct, frozen=True):
    """A plain comparison that failed: what it looked at, what that was, and what it should have been."""

    subject: str
    value: str
    sign: str
    wanted: str

    @property
    def name(self) -> str:
        """The last name of what it looked at: ``status`` of ``$response.body#/status``."""
        return re.split(r"[#/.]", self.subject)[-1]


def compared(result: CriterionResult) -> Compared | None:
    """Return the comparison that a criterion is; ``None`` for any other."""
    condition, explained = _COMPARED.fullmatch(result.condition.strip()), _EXPLAINED.fullmatch(result.explanation)
    if condition is None or explained is None:
        return None
    return Compared(condition[1], *explained.groups())


def in_words(result: CriterionResult) -> str:
    """Return why a criterion failed, in a few words."""
    found = compared(result)
    if found is None:
        return result.explanation
    said = f"{found.value} {_IS_NOT[found.sign]} {found.wanted}"
    if found.subject == _STATUS:
        return said
    if found.value == _ABSENT:
        return f"`{found.subject}` names nothing"
    return f"{found.name} {said}"


def state(result: CriterionResult) -> str:
    """Return what a criterion met meanwhile, ``""`` when that is told elsewhere: the status code is."""
    found = compared(result)
    return "" if found is None or found.subject == _STATUS or found.value == _ABSENT else f"{found.name} {found.value}"


def beside(result: CriterionResult, response: Response | NoResponse | None) -> str:
    """Return what stands beside a criterion that failed: the value that it met, or what is there instead."""
    found = compared(result)
    if found is None:
        return result.explanation
    if found.value == _ABSENT and isinstance(response, Response):
        return _missing(found.subject, response) or found.value
    return found.value


def _missing(subject: str, response: Response) -> str:
    match = _POINTER.fullmatch(subject)
    return "" if match is None else names_instead(re.split(r"[/.]", match[1]), response.payload)


def names_instead(path: list[str], payload: Value) -> str:
    """Return what a body has where a path in it ends: the names there, and the one that may be meant, or how much."""
    value: JsonValue | Value = payload
    for index, token in enumerate(path):
        match value:
            case dict() if token in value:
                value = value[token]
            case dict():
                return _told(token, [*value])
            case list() if token.isdecimal() and int(token) < len(value):
                value = value[int(token)]
            case list():
                return _of_list(token, len(value), f"`{path[index - 1]}`" if index else "the answer")
            case _:
                return ""
    return ""


def _of_list(token: str, count: int, name: str) -> str:
    if count == 0:
        return f"{name} is an empty list"
    if token.isdecimal():
        return f"{name} is a list of {count:,} element{'s' if count > 1 else ''}, of which the first is `0`"
    return f"{name} is a list, whose elements are named by their index"


def _told(token: str, names: list[str]) -> str:
    if not names:
        return f"the answer has no `{token}`: the object is empty"
    shown = ", ".join(f"`{each}`" for each in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    hint = did_you_mean(token, names)
    return f"the answer has no `{token}`; it has {shown}{more}{f': {hint}' if hint else ''}"
