"""Why a criterion or an output may have missed what an answer holds: hints for the person who reads the report.

Decides nothing of the run. A hint is given only of what failed or was absent, and only when its cause is seen in the
answer itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.malformed import MalformedText
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.condition import references_in
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.mistakes import is_length, length_instead
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_json
from arazzo_engine.language.templates import expressions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.messages.exchange import Response
    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.language.templates import Template


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
        if not is_length(text) or not path:
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
