"""Repairs of the context of criteria, and of queries that are comparisons of parts of it.

Decides what is a query where that is not said, and of what; the words of other languages within it are for others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.conditions.grammar import OWN, is_condition
from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.queries.compiling import is_query
from arazzo_engine.language.queries.expression_types import VERSIONS, ExpressionType, Language, default_type
from arazzo_engine.language.repairs.criteria.comparisons import condition_of, is_whole
from arazzo_engine.language.repairs.criteria.conditions import quoted_condition
from arazzo_engine.language.repairs.criteria.dialects import bare, counting
from arazzo_engine.language.repairs.criteria.operators import write_operators
from arazzo_engine.language.repairs.criteria.queries import EMBEDDED, embed_in_criterion
from arazzo_engine.language.repairs.criteria.query_strings import is_read, quote_in_criterion
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_BODIES: Final = frozenset({"$response.body", "$request.body"})
_FILTER: Final = lazy_pattern(r"\$\[\?(.*)\]", re.DOTALL)
# text in quotes, or where a pointer into the context begins
_POINTER: Final = lazy_pattern(r"""('[^']*'|"[^"]*")|(?<![^\s(!&|])#/""")
_QUERIED: Final = lazy_pattern(
    r"(\$(?:request|response)\.body|\$steps\.[\w\-]+\.outputs\.[\w\-]+|\$inputs\.[\w\-]+)"
    r"(?:(?:#(?:/[\w\-~.]+)+)?(?=#?\[\s*\?)|(?=[.\[]))"
)
# how many a filter selects: of a function around it, or by a member behind it
_COUNTED: Final = lazy_pattern(
    r"\s*(?:count|length|size|len)\(\s*(\$.*\])\s*\)\s*((?:[=!<>]=|[<>])\s*\d+)\s*"
    r"|(\$.*\])\.length\s*((?:[=!<>]=|[<>])\s*\d+)\s*",
    re.DOTALL,
)


def name_context(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """A JSONPath ``$response.body.items[?@.a]`` without a context is ``$.items[?@.a]`` of ``$response.body``.

    So is ``$response.body#[?@.a]``, and what a function counts, as ``count($response.body[?@.a]) > 1``.
    """
    text = criterion.get("condition")
    if "context" in criterion or not isinstance(text, str) or not _is_query_by_type(criterion, text):
        return None
    counted = _COUNTED.fullmatch(text)
    query, count = (text, "") if counted is None else (counted[1] or counted[3], f".length {counted[2] or counted[4]}")
    match = _QUERIED.match(query)
    if match is None:
        return None
    condition = "$" + query[match.end() :].lstrip("#")
    named = {**criterion, "context": match[0], "type": Language.JSONPATH.value, "condition": condition}
    written = embed_in_criterion(named, names) or named
    if "$" in EMBEDDED.sub("", str(written["condition"]))[1:]:
        return None
    counting = {**written, "condition": f"{written['condition']}{count}"}
    return counting if _may_be_read(counting, names) else None


def _may_be_read(criterion: dict[str, JsonValue], names: Names) -> bool:
    """Whether the condition of a criterion is a JSONPath, or one that the repairs after these make one of."""
    others = (compare_simply, write_operators, quote_in_criterion)
    return is_read(criterion, str(criterion["condition"]), names) or any(each(criterion, names) for each in others)


def _is_query_by_type(criterion: dict[str, JsonValue], text: str) -> bool:
    """Whether a text is said to be a JSONPath, or has a filter, which no simple condition has."""
    type_ = criterion.get("type")
    return type_ == Language.JSONPATH or (type_ in (None, Language.SIMPLE) and "[?" in text and not is_condition(text))


def name_type(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``condition: $.items[0]`` with a context is a JSONPath: no simple condition begins so."""
    text = criterion.get("condition")
    if "type" in criterion or not isinstance(criterion.get("context"), str) or not isinstance(text, str):
        return None
    if not text.startswith(("$.", "$[")) or is_condition(text):
        return None
    typed = {**criterion, "type": Language.JSONPATH.value}
    return typed if _may_be_read(typed, names) else None


def compare_simply(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.state != "done"`` as a JSONPath is ``$response.body#/state != 'done'``: no filter passes an empty body."""
    found = _simply(criterion)
    return None if found is None or OWN in found else found


def count_simply(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$.length == 0`` as a JSONPath is a condition of this engine: nothing can be selected in an empty list."""
    found = _simply(criterion)
    return found if found is not None and OWN in found else None


def _simply(criterion: dict[str, JsonValue]) -> dict[str, JsonValue] | None:
    text, context, version = criterion.get("condition"), criterion.get("context"), _jsonpath(criterion.get("type"))
    if version is None or not isinstance(text, str) or not isinstance(context, str):
        return None
    if is_whole(bare(context)):
        # a filter over what no query can be asked of compares one input or output
        context, filtered = bare(context), _FILTER.fullmatch(text)
        text = text if filtered is None else filtered[1].replace("@", "$")
    # a query of its own, such as one with a function of RFC 9535 in a filter
    if is_query(text, version):
        return None
    if text.startswith("#/"):
        found: str | None = _POINTER.sub(lambda match: match[1] or f"{context}#/", text)
    else:
        found = condition_of(text, lambda path: _part_of(context, path))
    written = None if found is None else quoted_condition(found)
    kept = {name: each for name, each in criterion.items() if name not in {"context", "type"}}
    return None if written is None else counting({**kept, "condition": written})


def _part_of(context: str, path: Pointer) -> str | None:
    """Return the expression of a part of a context; what counts the elements of a whole body names no member of it."""
    if path == ("length",) and context in _BODIES:
        return f"{context}.length"
    if is_whole(context):
        name, *rest = path
        written = f"{context}.{name}" + (f"#{render_pointer(rest)}" if rest else "")
    else:
        written = f"{context}{'' if '#' in context else '#'}{render_pointer(path)}"
    return written if is_expression(written) else None


def _jsonpath(type_: JsonValue) -> ExpressionType | None:
    """Return the version of JSONPath that a criterion is of, ``None`` when it is of none."""
    if type_ == Language.JSONPATH:
        return default_type(Language.JSONPATH)
    is_versioned = isinstance(type_, dict) and type_.keys() == {"type", "version"}
    known = is_versioned and type_["type"] == Language.JSONPATH and type_["version"] in VERSIONS[Language.JSONPATH]
    return ExpressionType(Language.JSONPATH, type_["version"]) if known else None
