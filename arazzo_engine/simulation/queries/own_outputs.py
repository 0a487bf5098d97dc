"""What a step that has succeeded sees of its own outputs: those of the answer that is being made.

Decides which part of the answer an output is, so that a criterion that reads the output asks for it there. What the
answer holds is decided elsewhere.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.condition import And, Comparison, Condition, Not, Or, Reference
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import Selector, evaluate_if_there
from arazzo_engine.simulation.queries.open_queries import selected_by

if TYPE_CHECKING:
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template


def scope_after(step: LinkedStep, scope: Scope) -> Scope:
    """Return what the actions of a step see when an answer makes it succeed: with the outputs that this one gives."""
    if not step.step.outputs or not any(action.criteria for action in step.on_success):
        return scope
    found = {name: _value(each, scope) for name, each in step.step.outputs.items()}
    outputs = {name: value for name, value in found.items() if value is not ABSENT}
    return replace(scope, steps=ChainMap({step.step.step_id: outputs}, dict(scope.steps)))


def _value(template: Template, scope: Scope) -> Value:
    try:
        return evaluate_if_there(template, scope)
    except ArazzoError:
        return ABSENT


def seen_in_answer(criterion: Criterion, step: LinkedStep) -> Criterion:
    """Return a criterion that asks the answer for what it asks of outputs of the step itself."""
    if not step.step.outputs:
        return criterion
    if criterion.simple is not None:
        node = _node(criterion.simple.node, step)
        return criterion if node is None else replace(criterion, simple=Condition(criterion.condition, node))
    read = None if criterion.context is None else _read_by(criterion.context, step)
    if read is None:
        return criterion
    return replace(criterion, context=with_fields(read[0], pointer=(*(read[0].pointer or ()), *read[1])))


def _node(node: Node, step: LinkedStep) -> Node | None:
    """Return a condition that reads the answer, ``None`` where it reads no output of the step."""
    match node:
        case Reference(readings=readings):
            found = ((_read_by(expression, step), accessors) for expression, accessors in readings)
            read = [(each[0], (*each[1], *accessors)) for each, accessors in found if each is not None]
            return Reference(node.text, tuple(read), node.span) if read else None
        case Comparison(left=left, right=right):
            one, other = _node(left, step), _node(right, step)
            return None if one is other is None else replace(node, left=one or left, right=other or right)
        case Not(operand=operand):
            one = _node(operand, step)
            return None if one is None else Not(one)
        case And(operands=operands) | Or(operands=operands):
            asked = [_node(each, step) for each in operands]
            changed = tuple(new or old for new, old in zip(asked, operands, strict=True))
            return replace(node, operands=changed) if any(asked) else None
        case _:
            return None


def _read_by(expression: RuntimeExpression, step: LinkedStep) -> tuple[RuntimeExpression, Pointer] | None:
    """Return what an output of the step is of the answer, and the part of it that an expression reads."""
    match expression.root, expression.names:
        case Root.STEPS, (step_id, "outputs", name) if step_id == step.step.step_id:
            place = _place_of((step.step.outputs or {}).get(name))
            return None if place is None else (place[0], (*place[1], *(expression.pointer or ())))
        case _:
            return None


def _place_of(template: Template | None) -> tuple[RuntimeExpression, Pointer] | None:
    match template:
        case Expression():
            return template.expression, ()
        case Selector(query=query) if not query.expressions and not template.gives and not template.is_list:
            selected = selected_by(query.type.type, query.text)
            return None if selected is None else (template.context.expression, selected[0])
        case _:
            return None
