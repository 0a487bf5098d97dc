"""Values with expressions in them: what parameters, payloads and outputs are written as.

Decides which part of a value is an expression and which is text, and what the value becomes in a scope. A value
for a request has no holes: what is missing either leaves its place out (an optional input not given) or is an error.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.sizes import TooLarge
from arazzo_engine.documents.values import ABSENT, NOT_RUN, JsonValue, Nothing, Value
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.conditions.judgements import show_value
from arazzo_engine.language.expressions.grammar import Root, looks_like_expression
from arazzo_engine.language.expressions.strings import (
    Expression,
    ExpressionString,
    parse_part,
    split_expressions,
    text_within,
    unquoted,
    unquoted_problem,
)
from arazzo_engine.language.messages.files import TextOfBytes, files_in, plain
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.forms import spreads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.expressions.strings import Span
    from arazzo_engine.language.queries.compiling import QueryTemplate


class Literal(Struct, frozen=True):
    """A value without expressions."""

    value: JsonValue
    at: Place


class ObjectTemplate(Struct, frozen=True):
    """An object with expressions somewhere below it."""

    members: Mapping[str, Template]
    at: Place


class ArrayTemplate(Struct, frozen=True):
    """An array with expressions somewhere below it."""

    elements: tuple[Template, ...]
    at: Place


# an extension of this engine's own: a selector with it gives a list of what it selects, however much that is, the one
# thing that it selects, or how long that is; it may also stand where a document of 1.0 has an expression
SELECTS: Final = "x-arazzo-engine-selects"
ALL: Final = "all"
ONE: Final = "one"
LENGTH: Final = "length"
# another: the only member of an object where an expression must stand, and the value that is meant there
VALUE: Final = "x-arazzo-engine-value"
# and whether a step is sent without a credential
OPEN: Final = "x-arazzo-engine-security"


def without_mark(value: JsonValue) -> JsonValue:
    """Return a value, or an object with such values, as it is meant: without the engine's own mark of one."""
    match value:
        case dict() if value.keys() == {VALUE}:
            return value[VALUE]
        case dict():
            return {name: without_mark(each) for name, each in value.items()}
        case _:
            return value


class Selector(Struct, frozen=True):
    """A Selector Object: a part of what its context gives; ``gives`` is what the engine's own extension says of it."""

    context: Expression
    query: QueryTemplate
    at: Place
    gives: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it gives a list, however many values it selects."""
        query = self.query
        return self.gives == ALL or (not self.gives and query.type.type is Language.JSONPATH and spreads(query.text))


Template: TypeAlias = Literal | Expression | ExpressionString | ObjectTemplate | ArrayTemplate | Selector


class MissingValue(Exception):  # noqa: N818 - it is a state of the run, not always an error
    """A request needs the value of an expression that has none; ``found`` says whether it is absent or not run."""

    def __init__(self, missing: Expression, found: Nothing) -> None:
        super().__init__(f"{missing.expression} is {found.value}")
        self.what = str(missing.expression)
        self.root = missing.expression.root
        self.names = missing.expression.names
        self.at = missing.at
        self.span: Span | None = missing.span
        self.found = found
        self._is_lone = bool(missing.expression.lone)

    @property
    def reason(self) -> str:
        """What is the matter with it, to follow its name."""
        if self.found is NOT_RUN:
            return "belongs to a step that has not run"
        return (
            "names nothing: what stands for a list is its only element, and there is not exactly one"
            if self._is_lone
            else "names nothing"
        )


class NothingSelected(MissingValue):
    """A Selector Object gives no value: it selects nothing, or it could not be evaluated."""

    def __init__(self, selector: Selector, reason: str) -> None:
        super().__init__(selector.context, ABSENT)
        self.what = selector.query.text
        self.at = selector.at.child("selector")
        self.span = None
        self._reason = reason

    @property
    def reason(self) -> str:
        """What is the matter with it, to follow its name."""
        return self._reason


class FileInText(MissingValue):
    """A file, or a value with one in it, stands within a longer text."""

    @property
    def reason(self) -> str:
        """What is the matter with it, to follow its name."""
        return "is a file, which cannot stand within a text"


# Gives the Selector Object that an object is, or ``None`` when it is none
SelectorReader: TypeAlias = "Callable[[dict[str, JsonValue], Place], Template | None]"


def parse_template(value: JsonValue, at: Place, problems: list[Diagnostic], read_selector: SelectorReader) -> Template:
    """Return the template that a value of a document is; expressions that do not parse are added to ``problems``."""
    match value:
        case str():
            return _parse_string(value, at, problems)
        case dict() if (text := unquoted(value)) is not None:
            problems.append(unquoted_problem(text, at))
            return Literal(value, at)
        case dict() if (selector := read_selector(value, at)) is not None:
            return selector
        case dict():
            members = {
                name: parse_template(each, at.child(name), problems, read_selector) for name, each in value.items()
            }
            is_literal = all(isinstance(member, Literal) for member in members.values())
            return Literal(value, at) if is_literal else ObjectTemplate(members, at)
        case list():
            elements = tuple(
                parse_template(each, at.child(index), problems, read_selector) for index, each in enumerate(value)
            )
            is_literal = all(isinstance(element, Literal) for element in elements)
            return Literal(value, at) if is_literal else ArrayTemplate(elements, at)
        case _:
            return Literal(value, at)


def evaluate(template: Template, scope: Scope) -> JsonValue:
    """Return what the template is in a scope; raises ``MissingValue`` when a part of it has no value.

    Raises ``ArazzoError`` (``value-too-large``).
    """
    with limited(template.at):
        return _render(template, scope, _refuse_any, scope.room())


def evaluate_if_there(template: Template, scope: Scope) -> Value:
    """Return what the template is in a scope, ``ABSENT`` when a part of it has no value."""
    try:
        return evaluate(template, scope)
    except MissingValue:
        return ABSENT


def render(template: Template, scope: Scope, room: Room) -> Value:
    """Return the template's value for a request, with the places of optional inputs that were not given left out.

    So are those of outputs that come later. Gives ``ABSENT`` when the whole value is one of these. Raises
    ``MissingValue`` for anything else without a value, ``ArazzoError`` (``value-too-large``) when there is no ``room``
    for it.
    """
    with limited(template.at):
        return _render_inside(template, scope, _leave_out_optional, room)


@contextmanager
def limited(at: Place) -> Iterator[None]:
    """Tell as ``ArazzoError`` (``value-too-large``) that there is no room for a value that is written at a place."""
    try:
        yield
    except TooLarge as error:
        raise ArazzoError(diagnose("value-too-large", f"the value {error}", at.location(), fix=error.fix)) from error


def is_input_not_given(expression: Expression, scope: Scope) -> bool:
    """Whether an expression names an input, or a part of one that its schema describes, which is not given."""
    parsed = expression.expression
    if parsed.root is not Root.INPUTS:
        return False
    is_described = parsed.names[0] not in scope.inputs or parsed.text in scope.described
    return is_described and parsed.evaluate(scope) is ABSENT


def expressions_in(template: Template) -> Iterator[Expression]:
    """Yield every expression of a template, with its place."""
    match template:
        case Expression():
            yield template
        case ExpressionString():
            yield from (part for part in template.parts if isinstance(part, Expression))
        case ObjectTemplate():
            for member in template.members.values():
                yield from expressions_in(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from expressions_in(element)
        case Selector():
            yield template.context
            yield from template.query.expressions
        case Literal():
            pass


def with_expressions(template: Template, change: Callable[[Expression], Expression]) -> Template:
    """Return a template whose expressions are changed, but for those of selectors."""
    match template:
        case Expression():
            return change(template)
        case ExpressionString():
            parts = tuple(change(part) if isinstance(part, Expression) else part for part in template.parts)
            return replace(template, parts=parts)
        case ObjectTemplate():
            members = {name: with_expressions(each, change) for name, each in template.members.items()}
            return replace(template, members=members)
        case ArrayTemplate():
            return replace(template, elements=tuple(with_expressions(each, change) for each in template.elements))
        case Selector() | Literal():
            return template


def template_text(template: Template) -> str:
    """Return a string template as it was written."""
    match template:
        case Expression():
            return template.expression.text
        case ExpressionString():
            parts = (part if isinstance(part, str) else f"{{{part.expression}}}" for part in template.parts)
            return "".join(parts)
        case Selector():
            return f"{template.context.expression} {template.query.text}"
        case _:
            return ""


def _parse_string(text: str, at: Place, problems: list[Diagnostic]) -> Template:
    if looks_like_expression(text):
        return parse_part(text, (0, len(text)), at, problems) or Literal(text, at)
    if "{$" not in text:
        return Literal(text, at)
    parts = tuple(split_expressions(text, at, problems))
    return ExpressionString(parts, at) if any(isinstance(part, Expression) for part in parts) else Literal(text, at)


# What becomes of an expression without a value: it is left out (``ABSENT``), or ``MissingValue`` is raised
_Lack: TypeAlias = "Callable[[Expression, Nothing, Scope], Nothing]"


def _refuse_any(expression: Expression, found: Nothing, _scope: Scope) -> Nothing:
    raise MissingValue(expression, found)


def _leave_out_optional(expression: Expression, found: Nothing, scope: Scope) -> Nothing:
    # an input that the schema requires is there, or the workflow would not have started
    if found is ABSENT and is_input_not_given(expression, scope):
        return ABSENT
    # after a success there was a value, and a request that leaves it out would begin anew
    if expression.comes_later and expression.expression.names[0] not in scope.fruitful:
        return ABSENT
    raise MissingValue(expression, found)


def _render(template: Template, scope: Scope, lack: _Lack, room: Room) -> Value:
    match template:
        case Literal():
            return template.value
        case Expression():
            value = template.expression.evaluate(scope)
            found = lack(template, value, scope) if isinstance(value, Nothing) else value
            return _with_bytes_of_texts(template, found)
        case ExpressionString():
            return "".join(_render_part(part, scope, room) for part in template.parts)
        case ObjectTemplate():
            members = ((name, _render_inside(member, scope, lack, room)) for name, member in template.members.items())
            return {name: value for name, value in members if value is not ABSENT}
        case ArrayTemplate():
            elements = (_render_inside(element, scope, lack, room) for element in template.elements)
            return [value for value in elements if value is not ABSENT]
        case Selector():
            found = _select(template, scope, lack)
            room.take_value(found)
            return found


def _with_bytes_of_texts(template: Expression, value: Value) -> Value:
    """Return a value whose texts are sent as their own bytes where that is meant."""
    match value:
        case str() if template.sends_text and type(value) is str:
            return TextOfBytes(value)
        case dict() if template.text_members:
            texts = {name: each for name, each in value.items() if name in template.text_members and type(each) is str}
            return {**value, **{name: TextOfBytes(each) for name, each in texts.items()}}
        case _:
            return value


def _render_inside(template: Template, scope: Scope, lack: _Lack, room: Room) -> Value:
    """Return a value that is written, or a part of one: what it takes counts, also where it is shared with others."""
    value = _render(template, scope, lack, room)
    if isinstance(template, Expression):
        room.take_value(value)
    return value


def _select(selector: Selector, scope: Scope, lack: _Lack) -> Value:
    context = selector.context.expression.evaluate(scope)
    if isinstance(context, Nothing):
        return lack(selector.context, context, scope)
    # "which MUST evaluate to structured data (e.g., `$response.body`)"
    if context is None:
        raise NothingSelected(selector, "selects nothing: its context is null")
    if selector.gives == LENGTH and isinstance(context, str):
        return len(context)  # nothing is selected in a text
    try:
        found = selector.query.query(scope).select(context)
    except EvaluationError as error:
        raise NothingSelected(selector, f"cannot be evaluated: {error}") from error
    # no clause says what several nodes are; "precise data selection" of one node is that node's own value, unless the
    # form of the query asks for several: the type of what it gives must not hang on what comes
    if selector.gives == ALL:
        return list(found)
    match found:
        case ():
            raise NothingSelected(selector, f"selects nothing in {show_value(context)}{selector.query.values(scope)}")
        case (value,):
            if selector.is_list:
                return [value]
            return _length_of(value, selector) if selector.gives == LENGTH else value
        case _ if selector.gives:
            raise NothingSelected(selector, f"selects {len(found)} values, where one is meant")
        case _:
            return list(found)


def _length_of(value: JsonValue, selector: Selector) -> JsonValue:
    """Return how many elements or characters a value has; an object says it itself, if anything does."""
    match value:
        case list() | str():
            return len(value)
        case {"length": length}:
            return length
        case _:
            raise NothingSelected(selector, f"selects {show_value(value)}, which has no length")


def _render_part(part: str | Expression, scope: Scope, room: Room) -> str:
    return part if isinstance(part, str) else text_within(evaluate_part(part, scope), room)


def evaluate_part(part: Expression, scope: Scope) -> JsonValue:
    """Return the value of an expression in a longer string; raises ``MissingValue``."""
    value = part.expression.evaluate(scope)
    if value is ABSENT or value is NOT_RUN:
        # a string with a hole in it is no value, not even for an optional input
        raise MissingValue(part, value)
    # a `data:` URL is a notation of the engine, and base64 is a text where the schema of the input says so
    if not all(file.is_text for file in files_in(value)):
        raise FileInText(part, ABSENT)
    return plain(value)
