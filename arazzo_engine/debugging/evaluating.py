"""Evaluating what somebody asks at a moment: a runtime expression, or a condition with the values in it.

Decides what is answered when there is no value, and what of a value is a secret because of what it is named.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.debugging.scopes import groups_in
from arazzo_engine.diagnostics import did_you_mean
from arazzo_engine.documents.values import NOT_RUN, Nothing
from arazzo_engine.language.conditions.condition import Condition, Reference, judge, references_in
from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.expressions.grammar import (
    ExpressionError,
    Root,
    RuntimeExpression,
    is_expression,
    parse_expression,
)
from arazzo_engine.language.messages.files import shown
from arazzo_engine.reporting.ending.criteria import names_instead
from arazzo_engine.reporting.messages.named_secrets import named_secrets, secret_members, texts_of
from arazzo_engine.secret_names import MASK, is_secret_header, is_secret_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.reporting.masking import Masker

Asked: TypeAlias = RuntimeExpression | Condition
# what names everything in it, as no expression of a document may
_GROUPS: Final = frozenset({"$inputs", "$steps", "$outputs", "$request", "$response", "$workflows"})
_OPERATORS: Final = ("=", "<", ">", "&&", "||", "!")
_NOWHERE: Final = "nothing was sent for this step by now"
_UNANSWERED: Final = "there is no answer at this moment"


class NotUnderstoodError(ValueError):
    """What was asked cannot be done: why, and what to write instead."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(f"{message}: {fix}" if fix else message)
        self.message = message
        self.fix = fix


class Evaluated(Struct, frozen=True):
    """What an expression or a condition gives, masked. Of a condition, ``passed`` says whether it holds."""

    value: JsonValue
    text: str
    passed: bool | None = None
    is_there: bool = True


class Sees(Struct, frozen=True):
    """What is looked at: the scope, the workflow whose names it has, and the masker of the run."""

    scope: Scope
    workflow: LinkedWorkflow | None
    masker: Masker

    def evaluate(self, asked: str) -> Evaluated:
        """Return what a text gives; raises ``NotUnderstoodError`` when it is neither an expression nor a condition."""
        group = asked.strip()
        if group in _GROUPS:
            return self._group(group)
        found = read(asked)
        if isinstance(found, Condition):
            judged = judge(found, self.scope)
            text = f"{str(judged.passed).lower()}: {judged.explanation}"
            return Evaluated(judged.passed, self._masker(expressions_in(found)).text(text), judged.passed)
        return self.value_of(found)

    def value_of(self, expression: RuntimeExpression) -> Evaluated:
        """Return the value of an expression."""
        value = expression.evaluate(self.scope)
        if isinstance(value, Nothing):
            why = self._why_nothing(expression, value)
            return Evaluated(None, self._masker([]).text(f"{value.value}: {why}"), is_there=False)
        if _is_named_like_a_secret(expression):
            return Evaluated(MASK, json.dumps(MASK))
        masked = self.masked(value)
        return Evaluated(masked, as_text(masked))

    def groups(self) -> dict[str, JsonValue]:
        """Return everything that can be seen, by the names by which expressions begin, masked."""
        return {name: self.masked(group) for name, group in groups_in(self.scope).items()}

    def _group(self, name: str) -> Evaluated:
        value = self.groups().get(name)
        if value is None:
            return Evaluated({}, f"there is nothing in `{name}` at this moment", is_there=False)
        return Evaluated(value, as_text(value))

    def masked(self, value: JsonValue) -> JsonValue:
        """Return a value without its secrets: those of the run, and what the names in it say to be one."""
        plain = shown(value)
        return self._masker([]).also(texts_of(secret_members(plain))).value(plain)

    def _masker(self, expressions: Iterable[RuntimeExpression]) -> Masker:
        self.masker.learn_named(named_secrets(self.scope.request, self.scope.response))
        return self.masker.of_messages().also(self._secrets_in(expressions))

    def _secrets_in(self, expressions: Iterable[RuntimeExpression]) -> Iterator[str]:
        for expression in expressions:
            value = expression.evaluate(self.scope)
            if isinstance(value, Nothing):
                continue
            yield from texts_of([value] if _is_named_like_a_secret(expression) else secret_members(shown(value)))

    def _why_nothing(self, expression: RuntimeExpression, value: Nothing) -> str:
        """Return why there is no value, and what may have been meant."""
        names = expression.names
        match expression.root:
            case Root.INPUTS:
                return _no_member("there is no input", names[0], self.scope.inputs)
            case Root.STEPS:
                return self._why_no_output(names[0], names[-1], value)
            case Root.WORKFLOWS:
                return _no_member("no value is there yet of workflow", names[0], self.scope.workflows)
            case _:
                return self._why_not_sent_or_answered(expression)

    def _why_not_sent_or_answered(self, expression: RuntimeExpression) -> str:
        response = self.scope.response
        if expression.root in {Root.REQUEST, Root.URL, Root.METHOD} and self.scope.request is None:
            return _NOWHERE
        if expression.root in {Root.RESPONSE, Root.STATUS_CODE} and response is None:
            return _UNANSWERED
        if expression.names == ("body",) and not expression.pointer:
            return "it has no body"
        path = expression.pointer if expression.root is Root.RESPONSE else None
        beside = names_instead([*path], response.payload) if path and response is not None else ""
        return f"`{expression.text}` names nothing{f': {beside}' if beside else ''}"

    def _why_no_output(self, step_id: str, name: str, value: Nothing) -> str:
        if self.workflow is not None and step_id not in self.workflow.indexes:
            return _no_member(f"workflow `{self.workflow.key.workflow_id}` has no step", step_id, self.workflow.indexes)
        if value is NOT_RUN:
            return f"step `{step_id}` has not run yet"
        return _no_member(f"step `{step_id}` gave no output", name, self.scope.steps.get(step_id, {}))


def read(asked: str) -> Asked:
    """Return the expression or the condition that a text is; raises ``NotUnderstoodError``."""
    text = asked.strip()
    if not text:
        raise NotUnderstoodError("nothing was asked", "write an expression, such as `$response.body#/id`")
    is_comparison = any(f" {each}" in text for each in _OPERATORS)
    try:
        found = read_condition(text)
    except NotUnderstoodError:
        if is_comparison:
            raise
        return _read_expression(text)
    # a pointer takes nearly any character, so that most conditions could be expressions, too
    is_value = isinstance(found.node, Reference) and is_expression(text)
    return _read_expression(text) if is_value else found


def _read_expression(text: str) -> RuntimeExpression:
    try:
        return parse_expression(text)
    except ExpressionError as error:
        raise NotUnderstoodError(error.message, error.fix) from None


def read_condition(text: str) -> Condition:
    """Return the condition that a text is; raises ``NotUnderstoodError``."""
    try:
        return parse_condition(text.strip())
    except ExpressionError as error:
        raise NotUnderstoodError(f"`{text.strip()}` is no condition: {error.message}", error.fix) from None


def roots_in(condition: Condition) -> set[Root]:
    """Return what the expressions of a condition begin with."""
    return {each.root for each in expressions_in(condition)}


def as_text(value: JsonValue) -> str:
    """Return a value for a person."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def expressions_in(condition: Condition) -> Iterator[RuntimeExpression]:
    """Yield the expressions of a condition, in every reading."""
    for reference in references_in(condition.node):
        yield from (expression for expression, _ in reference.readings)


def _no_member(what: str, name: str, known: Iterable[str]) -> str:
    meant = did_you_mean(name, list(known))
    return f"{what} `{name}`{f': {meant}' if meant else ''}"


def _is_named_like_a_secret(expression: RuntimeExpression) -> bool:
    names = expression.names
    if names[:1] == ("header",):
        return is_secret_header(names[1])
    return any(is_secret_member(each) for each in (*names[-1:], *(expression.pointer or ())))
