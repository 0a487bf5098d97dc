"""Why a criterion or an output may have missed what an answer holds: hints for the person who reads the report.

Decides nothing of the run. A hint is given only of what failed or was absent, and only when its cause is seen in the
answer itself. What a step or workflow that was not run would have given is told once for all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT, NOT_RUN
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.mistakes import length_instead
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_json
from arazzo_engine.language.templates import MissingValue, expressions_in, template_text
from arazzo_engine.reporting.ending.criteria import names_instead
from arazzo_engine.vocabulary import listed
from arazzo_engine.words import is_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template


class Lack(Struct, frozen=True):
    """Outputs without a value, and why; that ``is_of_others`` where a step or a workflow was not run."""

    names: tuple[str, ...]
    reason: str
    is_of_others: bool = False

    @property
    def note(self) -> str:
        """What a report says of it."""
        if len(self.names) > 1:
            return f"outputs {listed(self.names)} have no value: {self.reason}"
        return f"output `{self.names[0]}` {'has no value' if self.is_of_others else 'is absent'}: {self.reason}"


def notes_of(lacks: Sequence[Lack]) -> tuple[str, ...]:
    """Return what a report says of the outputs without a value."""
    return tuple(each.note for each in together(lacks))


def together(lacks: Sequence[Lack]) -> Iterator[Lack]:
    """Yield each reason once for all outputs that have no value for what another step, or workflow, did not give."""
    shared: dict[str, list[str]] = {}
    for each in lacks:
        if each.is_of_others:
            shared.setdefault(each.reason, []).extend(each.names)
    for each in lacks:
        if not each.is_of_others:
            yield each
        elif each.names[0] == shared[each.reason][0]:
            yield replace(each, names=tuple(shared[each.reason]))


def why_lacking(missing: MissingValue, template: Template, scope: Scope) -> str:
    """Return why the expression of an output has no value."""
    if missing.found is not NOT_RUN:
        return f"`{template_text(template)}` {missing.reason}{_names_instead(template, scope)}"
    of = {Root.STEPS: "step", Root.WORKFLOWS: "workflow"}.get(missing.root)
    return f"{of} `{missing.names[0]}` was not run" if of else f"what `{missing.what}` names was not run"


def _names_instead(template: Template, scope: Scope) -> str:
    """Return what the answer has where the pointer of an output leads nowhere."""
    if not isinstance(template, Expression) or scope.response is None:
        return ""
    expression = template.expression
    if expression.root is not Root.RESPONSE or expression.names != ("body",) or not expression.pointer:
        return ""
    told = names_instead([*expression.pointer], scope.response.payload)
    return f": {told}" if told else ""


def hints_of_criteria(failed: Iterable[Criterion], scope: Scope, operation: Operation) -> Iterator[str]:
    """Yield why criteria may have failed that would have passed if the answer had been written otherwise."""
    failed = tuple(failed)
    read = [part for criterion in failed for part in _parts_of(criterion)]
    # what counts was asked for, and is no member that is missed
    yield from _counted((part for each in failed if not _counts(each) for part in _parts_of(each)), scope)
    yield from _unread(read, scope, operation)


def hints_of_outputs(absent: Iterable[Template], scope: Scope, operation: Operation) -> Iterator[str]:
    """Yield why outputs may be absent that the answer seems to hold."""
    read = [
        (each.expression.text, each.expression, each.expression.pointer or ())
        for template in absent
        for each in expressions_in(template)
    ]
    yield from _unread(read, scope, operation)


def _counts(criterion: Criterion) -> bool:
    return criterion.simple is not None and any(each.counted for each in references_in(criterion.simple.node))


def _parts_of(criterion: Criterion) -> Iterator[tuple[str, RuntimeExpression, Pointer]]:
    """Yield what a criterion looks at: the text, the expression and the way from its value without its own pointer."""
    if criterion.simple is not None:
        for reference in references_in(criterion.simple.node):
            expression, accessors = reference.readings[-1]
            yield reference.text, expression, (*(expression.pointer or ()), *accessors)
    elif criterion.context is not None:
        yield criterion.context.text, criterion.context, criterion.context.pointer or ()


def _counted(read: Iterable[tuple[str, RuntimeExpression, Pointer]], scope: Scope) -> Iterator[str]:
    for text, expression, path in read:
        if not path or not is_count(path[-1]):
            continue
        base = expression.text.partition("#")[0]
        around = type(expression)(base, expression.root, expression.names).evaluate(scope)
        within = ABSENT if around is ABSENT else resolve_pointer(around, path[:-1])
        if isinstance(within, list):
            yield f"`{text}` is absent: a list has no member `{path[-1]}`, and {length_instead(_before(text))}"


def _before(text: str) -> str:
    return text[: max(text.rfind("."), text.rfind("/"))]


def _unread(
    read: Iterable[tuple[str, RuntimeExpression, Pointer]], scope: Scope, operation: Operation
) -> Iterator[str]:
    looks = any(each.root is Root.RESPONSE and each.names[0] == "body" for _, each, _ in read)
    if not looks or scope.response is None or not _is_hidden_json(scope.response):
        return
    claimed = media_type(scope.response.content_type or "")
    described = next((name for name in _described(operation, scope.response.status) if is_json(name)), None)
    yield (
        f"the body holds JSON and is read as a text, since its content type is `{claimed}`"
        + (f", and the description says `{described}`" if described else "")
    )


def _is_hidden_json(response: Response) -> bool:
    claimed = response.content_type
    if claimed is None or is_json(claimed) or not response.content.lstrip().startswith((b"{", b"[")):
        return False
    try:
        value = parse_json(response.content.decode())
    except (MalformedText, UnicodeDecodeError):
        return False
    return isinstance(value, dict | list) and response.payload != value


def _described(operation: Operation, status: int) -> Iterator[str]:
    for wanted in (str(status), f"{status // 100}XX", "default"):
        for described in operation.responses:
            if described.status == wanted:
                yield from (each.name for each in described.media_types)
                return
