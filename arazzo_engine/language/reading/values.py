"""Reading what several objects share: values with expressions, criteria, expression types.

Parses each expression and condition once, here, and notes the ones that do not parse where they stand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from arazzo_engine.diagnostics import diagnose
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language import fixed_fields as fields
from arazzo_engine.language.conditions.grammar import EXTENDED, NOTHING, OWN, parse_condition, parse_own_condition
from arazzo_engine.language.expressions.grammar import ExpressionError, looks_like_expression, read_expression
from arazzo_engine.language.expressions.strings import parse_part, unquoted
from arazzo_engine.language.objects import Criterion
from arazzo_engine.language.queries.compiling import read_query
from arazzo_engine.language.queries.expression_types import (
    CRITERION_LANGUAGES,
    SELECTOR_LANGUAGES,
    VERSIONS,
    ExpressionType,
    Language,
    default_type,
)
from arazzo_engine.language.reading.nodes import Node
from arazzo_engine.language.templates import ALL, LENGTH, ONE, SELECTS, VALUE, Literal, Selector, parse_template
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.language.reading.nodes import Reading
    from arazzo_engine.language.templates import Template

_T = TypeVar("_T")

_SIMPLE: Final = default_type(Language.SIMPLE)


def read_template(reading: Reading, value: JsonValue, at: Place) -> Template:
    """Read a value that may be or hold runtime expressions; Selector Objects exist since 1.1."""
    return parse_template(value, at, reading.problems, lambda each, place: _read_selector(reading, each, place))


def _read_selector(reading: Reading, value: dict[str, JsonValue], at: Place) -> Template | None:
    # "This object MAY be extended with Specification Extensions."
    named = {name for name in value if not name.startswith("x-")}
    gives = str(value[SELECTS]) if value.get(SELECTS) in (ALL, ONE, LENGTH) else ""
    if not (reading.version_1_1 or gives) or named != set(fields.SELECTOR.required):
        return None
    context, text = value["context"], value["selector"]
    if not isinstance(context, str) or not looks_like_expression(context) or not isinstance(text, str):
        return None
    parsed = parse_part(context, (0, len(context)), at.child("context"), reading.problems)
    type_ = read_expression_type(Node(value, at, fields.SELECTOR, reading), "type", SELECTOR_LANGUAGES)
    if parsed is None or type_ is None:
        return Literal(value, at)
    query = read_query(text, type_, at.child("selector"), reading.problems)
    return Literal(value, at) if query is None else Selector(parsed, query, at, gives)


def read_value(node: Node, name: str) -> Template:
    """Read a field of type ``Any | {expression}``."""
    value = node.raw(name)
    at = node.at.child(name)
    return Literal(None, at) if value is ABSENT else read_template(node.reading, value, at)


def read_outputs(node: Node) -> Mapping[str, Template]:
    """Read a map of outputs: each is a runtime expression or, since 1.1, a Selector Object."""
    outputs = {}
    for name, value, at in node.members("outputs"):
        if isinstance(value, dict) and value.keys() == {VALUE}:
            outputs[name] = read_template(node.reading, value[VALUE], at)
            continue
        if isinstance(value, dict) and (node.reading.version_1_1 or SELECTS in value):
            if unquoted(value) is None:
                _check_selector(node.node(value, at, fields.SELECTOR))
            outputs[name] = read_template(node.reading, value, at)
        elif isinstance(value, dict) and value.keys() == set(fields.SELECTOR.required):
            message = f"output `{name}` is a Selector Object, which Arazzo 1.0 does not have"
            problem = diagnose("repaired", message, at.location(), fix="set `arazzo: 1.1.0`", clause=node.clause)
            node.reading.problems.append(problem)
            # what else it could be is nothing that an output is
            outputs[name] = read_template(replace(node.reading, version_1_1=True), value, at)
        elif isinstance(value, str):
            outputs[name] = read_template(node.reading, value, at)
        else:
            node.note_type(at, f"output `{name}`", "a runtime expression", value)
    return outputs


def _check_selector(node: Node | None) -> None:
    """Note what makes an object no Selector Object where nothing else may stand."""
    if node is None:
        return
    node.text("selector")
    context = node.text("context")
    # "A Runtime Expression which MUST evaluate to structured data"
    if context and not looks_like_expression(context):
        message = f"`context` is `{context}`, which is no runtime expression"
        node.problem("invalid-expression", message, "context", "write an expression such as `$response.body`")


def read_criteria(node: Node, name: str, *, at_least_one: bool = False) -> tuple[Criterion, ...]:
    """Read a list of Criterion Objects."""
    nodes = tuple(node.nodes(name, fields.CRITERION, at_least_one=at_least_one))
    _check_repeated(node, name, nodes)
    return tuple(map(_read_criterion, nodes))


def _check_repeated(node: Node, name: str, criteria: tuple[Node, ...]) -> None:
    """Note a criterion that stands there already: it asks what has been asked."""
    found: dict[str, Place] = {}
    for each in criteria if len(criteria) > 1 else ():
        written = json.dumps(each.value, sort_keys=True)
        if written in found:
            node.note_repeated(each.at, f"`{name}` has one criterion twice", found[written], "entry-repeated")
        found.setdefault(written, each.at)


def read_expression_type(node: Node, name: str, languages: tuple[Language, ...]) -> ExpressionType | None:
    """Read a field of type ``string | Expression Type Object``; ``None`` when it is missing or wrong."""
    value = node.raw(name)
    if value is ABSENT:
        return None
    if isinstance(value, dict):
        child = node.child(name, fields.EXPRESSION_TYPE)
        return None if child is None else _read_versioned(child, languages)
    language = node.choice(name, Language, languages)
    return None if language is None else default_type(language)


def _read_versioned(node: Node, languages: tuple[Language, ...]) -> ExpressionType | None:
    selectors = tuple(each for each in languages if each in SELECTOR_LANGUAGES)
    language = node.choice("type", Language, selectors)
    if language is None:
        return None
    version = node.text("version")
    # 1.0.1: "The allowed values for JSONPath are `draft-goessner-dispatch-jsonpath-00`. The allowed values for XPath
    # are `xpath-30`, `xpath-20`, or `xpath-10`": all but the default, which is meant when there is no object
    newest, *others = VERSIONS[language]
    allowed = VERSIONS[language] if node.reading.version_1_1 else tuple(others)
    if version in allowed:
        return ExpressionType(language, version)
    if version == newest:
        node.note_later("version", version, instead=language)
    elif isinstance(node.value.get("version"), str):
        node.note_choice("version", version, allowed, f"; {language} has")
    return default_type(language)


def _read_criterion(node: Node) -> Criterion:
    read = read_expression_type(node, "type", CRITERION_LANGUAGES)
    type_ = read or _SIMPLE
    # a condition of a type that cannot be understood says nothing
    is_typed = read is not None or "type" not in node.value
    # "If `type` is specified, then the `context` MUST be provided"
    if "type" in node.value and "context" not in node.value:
        fix = "add `context`, a runtime expression such as `$response.body`"
        node.problem("field-missing", f"a criterion of type `{type_.type}` has no `context`", "type", fix)
    condition = node.text("condition") if is_typed else ""
    if node.raw("condition") == "":
        node.problem("invalid-condition", "the condition is empty", "condition", "write what must hold, or remove it")
    context = node.optional_text("context")
    is_simple = type_.type is Language.SIMPLE and condition
    parse = parse_own_condition if node.value.get(OWN) == EXTENDED else parse_condition
    return Criterion(
        at=node.at,
        condition=condition,
        type=type_,
        context=None if context is None else _parsed(node, "context", context, read_expression),
        simple=_parsed(node, "condition", condition, parse) if is_simple else None,
        query=_read_query(node, condition, type_),
        wants_nothing=type_.type is Language.JSONPATH and node.value.get(OWN) == NOTHING,
    )


def _read_query(node: Node, text: str, type_: ExpressionType) -> QueryTemplate | None:
    if type_.type is Language.SIMPLE or not text:
        return None
    return read_query(text, type_, node.at.child("condition"), node.reading.problems)


def _parsed(node: Node, name: str, text: str, parse: Callable[[str], _T]) -> _T | None:
    try:
        return parse(text)
    except ExpressionError as error:
        location = node.at.child(name).location((error.start, error.end))
        fix = _OF_LITERAL if name == "context" and _LITERAL.match(text) else error.fix
        node.reading.problems.append(diagnose(_INVALID[name], error.message, location, fix=fix))
        return None


# XML, JSON, a number or a text in quotes, written out
_LITERAL: Final = lazy_pattern(r"""\s*(?:<|\[|\{\s*["'}]|["']|-?\d)""")
_OF_LITERAL: Final = (
    "write what is looked at, such as `$response.body`; over a text that is written out the criterion always says the "
    "same: remove it"
)


_INVALID: Final = {"context": "invalid-expression", "condition": "invalid-condition"}
