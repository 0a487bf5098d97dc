"""A criterion can hold: a status is one that an answer can have, and a pattern is no JavaScript literal.

Decides what says the same whatever comes. Whether an answer is as its operation describes it is not asked.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.conditions.condition import (
    And,
    Comparison,
    LiteralValue,
    Not,
    Or,
    Reference,
    comparisons_in,
    nodes_in,
)
from arazzo_engine.language.conditions.contradictions import Circumstances, can_hold
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.conditions.condition import Node
    from arazzo_engine.language.objects import Criterion

_ANSWERED: Final = Circumstances(is_answered=True)
# what each answer has, with what it may be
_OF_EACH: Final = {Root.STATUS_CODE: "", Root.METHOD: "'…'", Root.URL: "'…'"}
_ANY_ANSWER: Final = "if any answer will do, say so by `$statusCode >= 100`"
_SUCCESS: Final = lazy_pattern(r"2\d\d")
_ALWAYS: Final = "one of the comparisons that `||` joins here is so whatever comes"
# RFC 9110, section 15: "All valid status codes are within the range of 100 to 599, inclusive."
_STATUS: Final = lazy_pattern(r"[1-5][0-9]{2}(?:\.0+)?")
# the statuses that an answer may be expected to have
_FINAL: Final = frozenset(each.value for each in HTTPStatus if each >= HTTPStatus.OK)
# a status as it is written where `*` stands for anything: as a pattern, it repeats what stands before it
_WILDCARD: Final = lazy_pattern(r"\^?([1-5]\d?)(?:\*|\?{1,2})\$?")
# a regular expression literal of ECMA-262: slashes around the pattern, which has none of its own, and flags
_DELIMITED: Final = lazy_pattern(r"/((?:[^/\\]|\\.)+)/([dgimsuvy]*)", re.DOTALL)


def check_criteria(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each criterion, or part of one, that says the same whatever comes."""
    for step in workflow.steps:
        yield from _check_lone(step)
        for criterion in step.criteria:
            yield from _check_statuses(criterion, step)
            yield from _check_alone(criterion)
            yield from _check_denied(criterion)
            yield from _check_joined(criterion)
            yield from _check_pattern(criterion)
            yield from _check_status_pattern(criterion)


def _comparisons(criterion: Criterion) -> Iterator[Comparison]:
    """Yield the comparisons of a simple condition."""
    if criterion.simple is not None:
        yield from comparisons_in(criterion.simple.node)


def _nodes(criterion: Criterion) -> Iterator[Node]:
    """Yield every part of a simple condition, the whole of it first."""
    if criterion.simple is not None:
        yield from nodes_in(criterion.simple.node)


def _check_statuses(criterion: Criterion, step: LinkedStep) -> Iterator[Diagnostic]:
    for comparison in _comparisons(criterion):
        literal = _compared(comparison)
        if literal is not None and not _is_status(literal):
            is_needed = any(each is criterion for each in step.step.success_criteria)
            whole = criterion.simple is not None and comparison is criterion.simple.node
            is_vain = is_needed and whole and comparison.operator == "=="
            fails = f", so that step `{step.step.step_id}` always fails" if is_vain else ""
            message = f"no answer has the status {write_literal(literal.value)}{fails}"
            at = criterion.at.child("condition").location(literal.span)
            fix = f"write a number from 100 to 599{'' if is_vain else ', such as 200'}"
            yield diagnose("status-impossible", message, at, fix=fix)


def _check_alone(criterion: Criterion) -> Iterator[Diagnostic]:
    """Yield a warning for each literal that stands for a condition, as `201` does in `$statusCode == 200 || 201`."""
    for joined in (each for each in _nodes(criterion) if isinstance(each, And | Or)):
        for index, operand in enumerate(joined.operands):
            if isinstance(operand, LiteralValue) and _is_odd(operand.value, joined):
                literal = write_literal(operand.value)
                message = f"`{literal}` is compared with nothing, and {'always' if operand.value else 'never'} holds"
                at = criterion.at.child("condition").location(operand.span)
                beside = joined.operands[index - 1 if index else 1]
                problem = diagnose("comparison-decided", message, at, fix=_compared_too(beside, literal))
                # what always holds may be meant to, and what never does lets nothing pass
                yield problem if isinstance(joined, And) and not operand.value else problem.as_warning()


def _check_lone(step: LinkedStep) -> Iterator[Diagnostic]:
    """Yield a warning for each condition that is nothing but a value, as `'ok'`, or something that each answer has.

    Of an action `true` says no more than that it is taken, and a failure without an answer has no status.
    """
    for criterion in step.step.success_criteria:
        yield from _told_lone(criterion, step)
    for action in step.actions:
        for criterion in action.criteria:
            node = None if criterion.simple is None else criterion.simple.node
            if isinstance(node, LiteralValue) and node.value and not isinstance(node.value, bool):
                yield from _told_lone(criterion, step)


def _told_lone(criterion: Criterion, step: LinkedStep) -> Iterator[Diagnostic]:
    node = None if criterion.simple is None else criterion.simple.node
    match node:
        case LiteralValue(value=True):
            fix = f"write what must hold, such as `$statusCode == {_wanted_status(step)}`; {_ANY_ANSWER}"
        # that what never holds contradicts itself is told by itself
        case LiteralValue(value=value) if value:
            fix = f"compare it: write `$response.body#/<part> == {write_literal(value)}`"
        case Reference(readings=((expression, ()),)) if expression.root in _OF_EACH:
            fix = f"compare it: write `{expression.root} == {_OF_EACH[expression.root] or _wanted_status(step)}`"
        case _:
            return
    message = f"`{criterion.condition}` is compared with nothing, and always holds"
    at = criterion.at.child("condition").location()
    yield diagnose("comparison-decided", message, at, fix=fix).as_warning()


def _wanted_status(step: LinkedStep) -> str:
    """Return the first status of success that the operation of a step describes."""
    described = step.target.responses if isinstance(step.target, Operation) else ()
    return next((each.status for each in described if _SUCCESS.fullmatch(each.status)), "200")


def _check_denied(criterion: Criterion) -> Iterator[Diagnostic]:
    """Yield an error for ``!$url == null``: what is denied is the value, and `true` or `false` equals no other."""
    for comparison in _comparisons(criterion):
        denied, literal = comparison.left, comparison.right
        if isinstance(denied, Not) and isinstance(denied.operand, Reference) and isinstance(literal, LiteralValue):
            yield from _told_denied(criterion, comparison.operator, denied.operand, literal)


def _told_denied(criterion: Criterion, sign: str, denied: Reference, literal: LiteralValue) -> Iterator[Diagnostic]:
    if isinstance(literal.value, bool):
        return
    message = f"`!{denied.text}` is `true` or `false`, so the comparison {'always' if sign == '!=' else 'never'} holds"
    fix = f"write `!({denied.text} {sign} {write_literal(literal.value)})` if the comparison is denied"
    yield diagnose("comparison-decided", message, criterion.at.child("condition").location(literal.span), fix=fix)


def _check_joined(criterion: Criterion) -> Iterator[Diagnostic]:
    """Yield a warning where one of several comparisons is so whatever comes, as ``$url != 'a' || $url != 'b'``."""
    for index, node in enumerate(_nodes(criterion)):
        # a literal that stands for a condition is told by itself
        is_of_comparisons = isinstance(node, Or) and all(isinstance(each, Comparison) for each in node.operands)
        if is_of_comparisons and not can_hold((Not(node),), circumstances=_ANSWERED):
            message = f"`{criterion.condition}` always holds" if index == 0 else _ALWAYS
            at = criterion.at.child("condition").location()
            fix = "join them by `&&` if all of them must be so"
            yield diagnose("comparison-decided", message, at, fix=fix).as_warning()


def _is_odd(value: JsonValue, joined: And | Or) -> bool:
    """Whether a value was hardly meant to be compared with nothing: ``|| true`` was, and ``&& 1`` changes nothing."""
    return not value if isinstance(joined, And) else bool(value) and not isinstance(value, bool)


def _compared_too(beside: Node, literal: str) -> str:
    """Return how a literal is compared with what is compared beside it."""
    match beside:
        case And(operands=(*_, last)):
            return _compared_too(last, literal)
        case Comparison(left=Reference(text=text), operator=sign, right=LiteralValue()):
            return f"write `{text} {sign} {literal}` in its place"
        case _:
            return "write what it is compared with, or remove it"


def _check_status_pattern(criterion: Criterion) -> Iterator[Diagnostic]:
    """Yield a warning for a pattern that no status matches, or one that others match than those it begins with."""
    context, pattern = criterion.context, criterion.condition
    if criterion.type.type is not Language.REGEX or context is None or context.root is not Root.STATUS_CODE:
        return
    from arazzo_engine.language.queries.regexes import statuses_matching  # noqa: PLC0415 - imports two engines

    # a pattern that is none is noted already
    found = None if "{$" in pattern or criterion.query is None else statuses_matching(pattern)
    if found is None:
        return
    at = criterion.at.child("condition").location()
    if not found:
        message = f"no answer has a status that `{pattern}` matches"
        yield diagnose("status-impossible", message, at, fix="write a pattern of three digits, such as `^2\\d\\d$`")
        return
    meant, written = _meant_statuses(pattern)
    others = found - meant
    if meant and others:
        of_meant = min(meant) // 100
        other = min(others, key=lambda status: (status not in _FINAL, status // 100 == of_meant, status))
        message = f"`{pattern}` is looked for anywhere, and {other} matches, too"
        yield diagnose("pattern-unanchored", message, at, fix=f"write `{written}`")


def _meant_statuses(pattern: str) -> tuple[frozenset[int], str]:
    """Return the statuses that a pattern seems to mean, and the pattern that matches those alone."""
    from arazzo_engine.language.queries.regexes import statuses_matching  # noqa: PLC0415 - the same

    wildcard = _WILDCARD.fullmatch(pattern)
    if wildcard is not None:
        written = "^" + wildcard[1] + r"\d" * (3 - len(wildcard[1])) + "$"
    else:
        written = f"^(?:{pattern})" if "|" in pattern else f"^{pattern}"
    return statuses_matching(written) or frozenset(), written


def _compared(comparison: Comparison) -> LiteralValue | None:
    """Return the literal that ``$statusCode`` must be, or must not be."""
    if comparison.operator not in {"==", "!="}:
        return None
    match comparison.left, comparison.right:
        case (Reference() as reference, LiteralValue() as literal) | (
            LiteralValue() as literal,
            Reference() as reference,
        ):
            is_status = all(expression.root is Root.STATUS_CODE for expression, _ in reference.readings)
            return literal if is_status else None
        case _:
            return None


def _is_status(literal: LiteralValue) -> bool:
    # without an answer there is no status, and what is not there equals null
    if literal.value is None:
        return True
    # a text that is a number is one when it meets a number
    return not isinstance(literal.value, bool) and _STATUS.fullmatch(str(literal.value).strip()) is not None


def _check_pattern(criterion: Criterion) -> Iterator[Diagnostic]:
    found = _DELIMITED.fullmatch(criterion.condition) if criterion.type.type is Language.REGEX else None
    if found is None:
        return
    pattern, flags = found.groups()
    # without flags, the slashes may be those of a path, or are left out when the document is read
    if flags:
        message = f"`{criterion.condition}` looks for the slashes, too: they belong to JavaScript, not to the pattern"
        fix = f"write `{pattern}`, and letters of either case as `[aA]`: a pattern has no flags"
        yield diagnose("pattern-delimited", message, criterion.at.child("condition").location(), fix=fix)
