"""What an XPath asks of the value that an XML answer is written from.

Decides it for the forms that workflows use: a path of elements from the root, compared with a literal or just there,
and such tests joined by ``and``. Any other form is not guessed at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.simulation.queries.jsonpath import EXISTS, LACKS, NEGATED, Demand

if TYPE_CHECKING:
    import re

    from arazzo_engine.documents.pointers import Pointer

_PATH: Final = r"(?P<path>/{1,2}[\w.\-]+(?:/[\w.\-]+)*)(?P<attribute>/@[\w.\-]+)?(?:/text\(\))?"
_LITERAL: Final = r"(?:'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<number>-?\d+(?:\.\d+)?))"
_COMPARED: Final = lazy_pattern(rf"(?:string\(\s*)?{_PATH}\s*\)?\s*(?P<operator>=|!=|<=|>=|<|>)\s*{_LITERAL}")
_CONTAINED: Final = lazy_pattern(rf"{_PATH}\[\s*(?:text\(\)|\.)\s*(?P<operator>=|!=)\s*{_LITERAL}\s*\]")
_THERE: Final = lazy_pattern(rf"(?:boolean\(\s*)?{_PATH}\s*\)?|count\(\s*(?P<counted>/[^\s()]+)\s*\)\s*>\s*0")
_NOT: Final = lazy_pattern(r"not\((?P<within>.+)\)")
_AND: Final = lazy_pattern(r"\s+and\s+")
# a name in any namespace is that name in the value
_ANY_NAMESPACE: Final = lazy_pattern(r"\*:(?=\w)|\*\[local-name\(\) = '([\w.\-]+)'\]")
_LONGEST: Final = 1_000


def demands_of_xpath(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for an XPath to be true of its XML, nothing when that cannot be told.

    >>> demands_of_xpath("/order/state = 'done'")
    (Demand(path=('state',), operator='==', value='done', of='', header=''),)
    """
    if len(text) > _LONGEST:
        return ()
    return tuple(demand for part in _AND.split(of_local_names(text.strip())) for demand in _of_part(part))


def of_local_names(text: str) -> str:
    """Return an XPath whose names of any namespace are those that a value has.

    >>> of_local_names("/*:order/*[local-name() = 'state'] = 'done'")
    "/order/state = 'done'"
    """
    return _ANY_NAMESPACE.sub(lambda found: found[1] or "", text)


def denials_of_xpath(text: str) -> tuple[Demand, ...]:
    """Return what must hold in a value for an XPath to be false of its XML, nothing when that cannot be told."""
    return tuple(map(_denied, demands_of_xpath(text)[:1]))


def _of_part(text: str) -> tuple[Demand, ...]:
    denied = _NOT.fullmatch(text)
    if denied is not None:
        return tuple(map(_denied, _of_part(denied["within"].strip())))
    compared = _COMPARED.fullmatch(text) or _CONTAINED.fullmatch(text)
    if compared is not None:
        operator = "==" if compared["operator"] == "=" else compared["operator"]
        return (Demand(_pointer(compared), operator, _literal(compared)),)
    there = _THERE.fullmatch(text)
    if there is None or there["path"] is None:
        return () if there is None else demands_of_xpath(there["counted"])
    return (Demand(_pointer(there)),)


def _pointer(match: re.Match[str]) -> Pointer:
    """Return the path below the root element, whose name the value does not have; `//x` is looked for at its top."""
    path: str = match["path"]
    names = path.lstrip("/").split("/")
    attribute = (match["attribute"] or "").removeprefix("/@")
    below = names if path.startswith("//") else names[1:]
    return (*below, attribute) if attribute else tuple(below)


def _literal(match: re.Match[str]) -> str | float:
    if match["number"] is not None:
        value: float = json.loads(match["number"])
        return value
    text: str = match["single"] if match["single"] is not None else match["double"]
    return text


def _denied(demand: Demand) -> Demand:
    if demand.operator in {EXISTS, LACKS}:
        return Demand(demand.path, LACKS if demand.operator == EXISTS else EXISTS)
    return Demand(demand.path, NEGATED[demand.operator], demand.value)
