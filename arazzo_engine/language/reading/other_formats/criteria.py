"""What a step expects of its answer, in the fields of other formats: a status, parts of the body, assertions.

Decides the conditions that say the same. Nothing is said where one of several is not certain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.conditions.hurl import as_condition
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.reading.other_formats.fields import adding, in_flow, letters
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.other_formats.fields import OddField

EXPECTED: Final = (
    *("assert", "asserts", "assertion", "assertions", "expect", "expects", "expected", "expectation", "expectations"),
    *("validate", "validates", "validation", "validations", "verify", "check", "checks"),
)
# what may be a remark as well, where its value expects nothing
REMARKS: Final = ("response", "tests", "result")
STATUSES: Final = (
    *("status", "statuscode", "expectedstatus", "expectedstatuscode", "expectstatus", "httpstatus"),
    *("statuses", "statuscodes", "expectedstatuses", "expectedstatuscodes"),
)
COMPARED: Final = ("path", "jsonpath", "target", "field", "subject", "equals", "eq", "value", "expected")
_STATUS: Final = frozenset({"status", "statuscode", "code", "httpstatus"})
_PATHS: Final = frozenset({"path", "jsonpath", "json", "target", "field", "expression", "subject", "property"})
_EQUALS: Final = frozenset({"equals", "equal", "equalto", "eq", "value", "expected", "is", "tobe"})
_KINDS: Final = frozenset({"jsonpath", "json", "body", "equals", "simple"})
_HEADER: Final = lazy_pattern(r"[A-Za-z0-9_\-]+")
_OF_BODY: Final = lazy_pattern(r"(?:\$\.|\$(?=\[)|(?:response\.)?body\.)?(?P<rest>[A-Za-z_\[].*)")
_COMPARED: Final = lazy_pattern(r"\$(?:statusCode|response|inputs|steps)\b.*(?:==|!=|[<>]=?).+")
_CODE: Final = lazy_pattern(r"[1-5][0-9]{2}")
_CLASS: Final = lazy_pattern(r"([1-5])[xX]{2}")


def expected(odd: OddField) -> str:
    """``expect: {status: 200, body: {state: done}}`` of a step is its ``successCriteria``."""
    found = as_list(odd.value) or [odd.value]
    # an answer has one status: of several, any will do
    statuses = [each for each in found if isinstance(each, int | str) and of_status(each)]
    others = [list(_conditions(each)) for each in found if each not in statuses]
    conditions = [*([[of_status(statuses)]] if statuses else []), *others]
    written = [{"condition": each} for group in conditions for each in group]
    is_of_one = sum("$statusCode" in each["condition"] for each in written) <= 1
    is_all = is_of_one and all(conditions) and all(each["condition"] for each in written)
    return adding("successCriteria", written, odd) if is_all else ""


def status(odd: OddField) -> str:
    """``expectedStatus: 200`` of a step is its ``successCriteria``."""
    condition = of_status(odd.value)
    return adding("successCriteria", [{"condition": condition}], odd) if condition else ""


def compared(odd: OddField) -> str:
    """``path: $.state`` and ``equals: done`` of a criterion are its ``condition``."""
    condition = _compared(dict(odd.beside))
    return f"write `condition: {in_flow(condition)}`" if condition else ""


def _conditions(found: JsonValue) -> Iterator[str]:
    """Yield the conditions of one assertion, an empty one for what is not certain."""
    match found:
        case str():
            yield found if _COMPARED.fullmatch(found) else as_condition(found)
        case {"condition": str() as condition, **others} if not others:
            yield condition
        case dict():
            one = _compared(found)
            yield from [one] if one else _of_members(found)
        case _:
            yield ""


def _compared(found: dict[str, JsonValue]) -> str:
    """Return the condition of one part and its value, as ``{path: $.state, equals: done}``; empty for another one."""
    fields = {letters(name): each for name, each in found.items()}
    kind = letters(str(fields.pop("type", "jsonpath")))
    values = [fields.pop(name) for name in tuple(fields) if name in _EQUALS]
    paths = [fields.pop(name) for name in tuple(fields) if name in _PATHS]
    if fields or len(values) != 1 or len(paths) > 1:
        return ""
    is_of_status = kind in _STATUS and not paths
    if is_of_status or (kind in _KINDS and paths and letters(str(paths[0])) in _STATUS and of_status(values[0])):
        return of_status(values[0])
    return _of_part(_pointer(paths[0]), values[0]) if paths and kind in _KINDS else ""


def _of_members(found: dict[str, JsonValue]) -> Iterator[str]:
    for name, each in found.items():
        word = letters(name)
        if word in _STATUS:
            yield of_status(each)
        elif word in ("body", "json") and as_mapping(each):
            yield from (_of_part(render_pointer((key,)), value) for key, value in each.items())
        elif word in ("headers", "header") and as_mapping(each):
            yield from (_of_header(key, value) for key, value in each.items())
        else:
            yield _of_part(_pointer(name), each) if name.startswith("$.") else ""


def _pointer(path: JsonValue) -> str:
    match = _OF_BODY.fullmatch(path) if isinstance(path, str) else None
    return "" if match is None else as_pointer(match["rest"] if match["rest"].startswith("[") else f".{match['rest']}")


def _of_part(pointer: str, value: JsonValue) -> str:
    is_sure = pointer and not isinstance(value, dict | list) and not str(value).startswith(("$", "{"))
    return f"$response.body#{pointer} == {write_literal(value)}" if is_sure else ""


def _of_header(name: str, value: JsonValue) -> str:
    is_sure = _HEADER.fullmatch(name) and isinstance(value, str) and "{" not in value
    return f"$response.header.{name} == {write_literal(value)}" if is_sure else ""


def of_status(found: JsonValue) -> str:
    """Return the condition of a status, of all of one hundred or of several; empty where one is none.

    >>> of_status([200, "4xx"]), of_status("done")
    ('$statusCode == 200 || ($statusCode >= 400 && $statusCode < 500)', '')
    """
    conditions = [_of_one_status(str(each)) for each in as_list(found) or [found]]
    if len(conditions) > 1:
        conditions = [f"({each})" if "&&" in each else each for each in conditions]
    return " || ".join(conditions) if all(conditions) else ""


def _of_one_status(text: str) -> str:
    if match := _CLASS.fullmatch(text):
        first = int(match[1]) * 100
        return f"$statusCode >= {first} && $statusCode < {first + 100}"
    return f"$statusCode == {text}" if _CODE.fullmatch(text) else ""
