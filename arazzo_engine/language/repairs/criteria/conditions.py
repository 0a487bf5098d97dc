"""Repairs of simple conditions: strings in the wrong quotes or in none, conditions that leave their context out.

Each function takes a Criterion Object as it is written and gives it as it should have been, or ``None``. It must not
change a condition that the grammar has.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.grammar import EXTENDED, OWN, is_condition, parse_condition, parse_own_condition
from arazzo_engine.language.conditions.judgements import quoted, write_literal
from arazzo_engine.language.conditions.references import read_reference
from arazzo_engine.language.conditions.unquoted import lacks_sign, with_quotes
from arazzo_engine.language.expressions.grammar import ExpressionError, is_expression
from arazzo_engine.language.expressions.suite_texts import read_suite_text
from arazzo_engine.language.repairs.expressions import (
    add_outputs,
    correct_expression,
    correct_header,
    correct_text,
    name_called,
    name_called_output,
    name_step,
)
from arazzo_engine.language.repairs.values.first_words import name_message, name_root
from arazzo_engine.language.repairs.whole_objects import name_within
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_MOST_STRINGS: Final = 20
_DOUBLE: Final = lazy_pattern(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# unquoted text, up to what goes on with the condition
_WORD: Final = lazy_pattern(r"[A-Za-z][^\s()&|=!<>'\"{}$,]*(?=\s*(?:$|&&|\|\||\)))")
_COMPARED: Final = lazy_pattern(r".*(?:==|!=)\s*", re.DOTALL)
_LITERALS: Final = frozenset({"true", "false", "null", "none", "undefined", "nil"})
_WORDS: Final = lazy_pattern(r"[A-Za-z][A-Za-z0-9_\-]*(?: [A-Za-z][A-Za-z0-9_\-]*)*")
# what conditions of other languages are made of, beside values
_ASKING: Final = frozenset(
    {
        *_LITERALS,
        *("and", "or", "not", "is", "in", "has", "exist", "exists", "present", "defined", "empty", "nonempty", "blank"),
        *("notnull", "notempty", "isnull", "isempty", "nonnull", "any", "all", "absent", "missing", "truthy", "falsy"),
        *("equals", "equal", "eq", "ne", "neq", "gt", "lt", "gte", "lte", "contains", "matches", "match", "like"),
        *("length", "size", "count", "required", "if", "when"),
    }
)
# a word beside them may be a member, or what a status is called
_WITHOUT_WORDS: Final = frozenset({"$statusCode", "$response.body", "$request.body"})
_MEDIA_TYPE: Final = lazy_pattern(
    r"(\$(?:request|response)\.header\.content-type)\s*==\s*"
    r"(?:\"([\w.+\-]+/[\w.+\-]+)\"|([\w.+\-]+/[\w.+\-]+))\s*",
    re.IGNORECASE,
)
# text in quotes, which is left alone, or an expression
REFERENCE: Final = lazy_pattern(r"""('[^']*'|"[^"]*")|\$(?:\[(?:'[^']*'|"[^"]*")\]|[^\s=<>!&|()'"])+""")
_BODY: Final = lazy_pattern(r"\$(?:request|response)\.body[.\[]")
_MEMBER_IN_DOUBLE: Final = lazy_pattern(r"\[\"([^'\"\\]+)\"\]")
_NAMING: Final = lazy_pattern(r"\$(?:steps|sourceDescriptions)\.")
_OPERATOR: Final = lazy_pattern(r"\s*(==|!=|<=|>=|<|>)\s*")
_NAME: Final = r"'[\w.$#/\[\]\-]*'"
_IS: Final = r"\s*(?:[=!]=|[<>]=?)\s*"
_TWO_LITERALS: Final = lazy_pattern(
    r"(?:^|&&|\|\||[(!])\s*"
    rf"(?:(?:-?\d[\d.]*|true|false|null|{_NAME}){_IS}'|'[^']*'{_IS}{_NAME})"
)
# a comparison of what is not said, or of the whole of something
_COMPLETED: Final = lazy_pattern(r"\s*(?:[$@]\s*)?((?:==|!=|<=|>=|<|>)\s*\S.*)", re.DOTALL)


def quote_strings(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``== active`` and ``== "active"`` are ``== 'active'``: a string stands in single quotes."""
    text = simple_condition(criterion)
    if text is None or is_condition(text) or _names_media_type(text):
        return None
    written = quoted_condition(text) or with_quotes(text, is_condition)
    # two literals say nothing of what came: a word of them that can be a name is the name of something
    return None if written is None or _TWO_LITERALS.search(written) else {**criterion, "condition": written}


def compare_media_type(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$response.header.Content-Type == application/json`` is a pattern that leaves parameters out of account."""
    text = simple_condition(criterion)
    match = _MEDIA_TYPE.fullmatch(text) if text is not None else None
    if match is None or "context" in criterion:
        return None
    pattern = re.sub(r"[.+]", r"\\\g<0>", match[2] or match[3])
    condition = rf"^{pattern}\s*(?:;|$)"
    return {**criterion, "context": match[1], "type": "regex", "condition": condition}


def compare_media_types(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``$response.header.Content-Type != "text/html"`` compares media types, which parameters may follow."""
    text = simple_condition(criterion)
    if text is None or "context" in criterion or is_condition(text) or not _names_media_type(text):
        return None
    written = quoted_condition(text) or with_quotes(text, is_condition)
    return None if written is None else {**criterion, "condition": written, OWN: EXTENDED}


def add_context(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context: $statusCode`` with ``condition: 200`` or ``== 200`` is ``$statusCode == 200``; a word is a text."""
    text, context = simple_condition(criterion), criterion.get("context")
    if text is None or not isinstance(context, str) or "value" in criterion or not context.startswith("$"):
        return None
    if read_suite_text(text.strip().strip("'\"")) is not None:
        return None  # another tool compares with what it stands for, and no answer is this text
    if completed := _COMPLETED.fullmatch(text):
        written = f"{context} {completed[1]}"
    elif _is_literal(text.strip()):
        written = f"{context} == {text.strip()}"
    # without the type, it could be a pattern
    elif "type" in criterion and context not in _WITHOUT_WORDS and _is_words(text.strip()):
        written = f"{context} == '{text.strip()}'"
    else:
        return None
    return _with_condition(criterion, written)


def drop_type(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``type: simple`` without a ``context`` is what a criterion is without a ``type``."""
    if criterion.get("type") != "simple" or "context" in criterion or not isinstance(criterion.get("condition"), str):
        return None
    return {name: each for name, each in criterion.items() if name != "type"}


def add_value(criterion: dict[str, JsonValue], _names: Names) -> dict[str, JsonValue] | None:
    """``context: $statusCode``, ``condition: '=='`` and ``value: 200`` is ``$statusCode == 200``."""
    text, context = simple_condition(criterion), criterion.get("context")
    sign = _OPERATOR.fullmatch(text) if text is not None else None
    if sign is None or not isinstance(context, str) or "value" not in criterion or not context.startswith("$"):
        return None
    operand = _operand(criterion["value"])
    if operand is None:
        return None
    return _with_condition(criterion, f"{context} {sign[1]} {operand}")


def correct_references(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$response.headers.x`` and ``$steps.s.o`` in a condition, and what stands in the braces of a query."""
    text = criterion.get("condition")
    if not isinstance(text, str):
        return None
    if criterion.get("type", "simple") != "simple":
        changed = correct_text(text, names) if "{$" in text else None
        return None if changed is None else {**criterion, "condition": changed}
    if "$" not in text or is_condition(text):
        return None
    changed = REFERENCE.sub(lambda found: found[1] or _corrected_reference(found[0], names), text)
    return {**criterion, "condition": changed} if changed != text else None


def name_steps(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$steps.findItem.outputs.id`` in a condition is that of the only step which runs the operation.

    So is ``$sourceDescriptions.shop.findItem.outputs.id``.
    """
    text = criterion.get("condition")
    if not isinstance(text, str) or not _NAMING.search(text) or criterion.get("type", "simple") != "simple":
        return None
    changed = REFERENCE.sub(lambda found: found[1] or _with_known_step(found[0], names), text)
    return {**criterion, "condition": changed} if changed != text else None


def _with_known_step(text: str, names: Names) -> str:
    return _if_known(name_step(text, names) or name_called(text, names), names) or text


def _if_known(changed: str | None, names: Names) -> str | None:
    """Return a reference if it names something, by one of its readings."""
    try:
        readings = () if changed is None else read_reference(changed, 0).readings
    except ExpressionError:
        return None
    is_known = any(names.know(expression) for expression, _ in readings)
    return changed if is_known or names.may_name_output(changed or "") else None


def correct_context(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``context: $response.body.items`` is ``context: $response.body#/items``."""
    context = criterion.get("context")
    changed = correct_expression(context, names) if isinstance(context, str) else None
    return None if changed is None else {**criterion, "context": changed}


def _corrected_reference(text: str, names: Names) -> str:
    corrections = (correct_header, name_message, name_root, add_outputs, name_within, name_called_output, name_called)
    changed = next(filter(None, (correct(text, names) for correct in corrections)), None)
    # the name of a member stands in single quotes
    return _if_known(changed, names) or (_MEMBER_IN_DOUBLE.sub(r"['\1']", text) if _BODY.match(text) else text)


def simple_condition(criterion: dict[str, JsonValue]) -> str | None:
    """Return the condition of a simple criterion."""
    text = criterion.get("condition")
    return text if isinstance(text, str) and criterion.get("type", "simple") == "simple" else None


def _with_condition(criterion: dict[str, JsonValue], condition: str) -> dict[str, JsonValue] | None:
    kept = {name: each for name, each in criterion.items() if name not in {"context", "type", "value"}}
    corrected = quoted_condition(condition) or with_quotes(condition, is_condition) or condition
    return {**kept, "condition": corrected} if is_condition(corrected) else None


def quoted_condition(text: str, *, is_own: bool = False) -> str | None:
    """Return a condition with its strings in single quotes, ``None`` when that alone does not make it one."""
    parse = parse_own_condition if is_own else parse_condition
    for _ in range(_MOST_STRINGS):
        try:
            parse(text)
        except ExpressionError as error:
            before, rest = text[: error.start], text[error.start :]
            found = _DOUBLE.match(rest) or _WORD.match(rest)
            if found is None or not _may_stand(before, found) or lacks_sign(found[0]):
                return None
            string = _in_single_quotes(found[1]) if found[0].startswith('"') else quoted(found[0])
            if string is None:
                return None
            text = f"{before}{string}{rest[found.end() :]}"
        else:
            return text
    return None


def _in_single_quotes(text: str) -> str | None:
    """Return the string that stands between double quotes, as JavaScript and JSON escape it, ``None`` if it is none."""
    if is_expression(text):
        # in single quotes, it would be text: who writes double ones means its value
        return text
    if "{$" in text:
        # an expression in braces is its value in either quotes; with escapes around it, more could be meant
        return None if "\\" in text or "'" in text else f"'{text}'"
    try:
        found = json.loads('"' + text.replace("\\'", "'").replace("\t", "\\t").replace("\n", "\\n") + '"')
    except ValueError:
        return None
    return quoted(found) if isinstance(found, str) else None


def _may_stand(before: str, found: re.Match[str]) -> bool:
    """Whether a string is meant: one that is compared, and no literal of another kind."""
    if found[0].startswith('"'):
        return True
    return found[0].casefold() not in _LITERALS and _COMPARED.fullmatch(before) is not None


def _names_media_type(text: str) -> bool:
    return "header.content-type" in text.casefold() and "/" in text


def _is_literal(text: str) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not isinstance(value, dict | list)


def _is_words(text: str) -> bool:
    """Whether a text is nothing but words, of which none asks or joins anything."""
    return _WORDS.fullmatch(text) is not None and _ASKING.isdisjoint(re.split("[ _-]", text.casefold()))


def _operand(value: JsonValue) -> str | None:
    if isinstance(value, dict | list):
        return None
    return value if isinstance(value, str) and is_expression(value) else write_literal(value)
