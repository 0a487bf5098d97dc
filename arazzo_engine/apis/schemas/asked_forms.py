"""Which form of the body a step asks for, XML or JSON, and whether its criteria ask for both.

Decides it by what must hold for all of them to pass: an XPath finds nothing in JSON, and a JSONPath nothing in XML,
where a JSON Pointer is read as names of elements by this engine alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.language.conditions.condition import And, Comparison, LiteralValue, Reference
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.templates import Selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.objects import Criterion, Step
    from arazzo_engine.language.templates import Template


def wants_xml(step: Step) -> bool:
    """Whether what a step asks of its answer can be found in XML alone: a criterion first, then an output."""
    criteria, outputs = step.success_criteria, (step.outputs or {}).values()
    if any(map(_asks_json, criteria)):
        return False
    return any(_asks_body(each, Language.XPATH) for each in criteria) or any(map(_selects_xml, outputs))


def _selects_xml(output: Template) -> bool:
    if not isinstance(output, Selector) or output.query.type.type is not Language.XPATH:
        return False
    return output.context.expression.is_of_answer_body


def two_forms(criteria: Sequence[Criterion]) -> tuple[Criterion, Criterion] | None:
    """Return a criterion that asks for XML and one that asks for JSON, ``None`` where there are not both."""
    xml = next((each for each in criteria if _asks_body(each, Language.XPATH)), None)
    json = next((each for each in criteria if _asks_json(each)), None)
    return None if xml is None or json is None else (xml, json)


def told_forms(xml: Criterion, json: Criterion) -> str:
    """Return what is wrong with two such criteria."""
    return f"`{xml.condition}` asks for XML, and `{json.condition}` for JSON: one answer is not both"


def _asks_body(criterion: Criterion, language: Language) -> bool:
    return criterion.asks_body_by(language) and not criterion.wants_nothing


def _asks_json(criterion: Criterion) -> bool:
    if criterion.simple is None:
        return _asks_body(criterion, Language.JSONPATH)
    return _needs_part(criterion.simple.node)


def _needs_part(node: Node) -> bool:
    """Whether a condition holds only where a part of the body is there."""
    match node:
        case And(operands=operands):
            return any(map(_needs_part, operands))
        case Comparison(operator=operator, left=Reference() as asked, right=LiteralValue(value=value)):
            # `!=` holds for what is not there, but for null
            return (operator == "!=") is (value is None) and _is_part(asked)
        case Reference():
            return _is_part(node)
        case _:
            return False


def _is_part(reference: Reference) -> bool:
    expression, accessors = reference.readings[0]
    return expression.is_of_answer_body and bool(expression.pointer or accessors)
