"""What is asked of a value once other values are known: by a query with expressions in its text, or a comparison.

Decides what is known of a query before it is asked: the place that it looks at whatever the values are. Where the value
that it is asked of comes from is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.language.conditions.comparison import EvaluationError
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.simulation.queries.jsonpath import demands_of_query
from arazzo_engine.simulation.queries.xpath import selected_by_xpath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import WorkflowKey
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.scope import Scope
    from arazzo_engine.language.expressions.strings import Expression
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.simulation.queries.jsonpath import Demand

# what a query selects, and what must hold for it to
Asking: TypeAlias = "tuple[Pointer, tuple[Demand, ...]]"
# two of each, so that what is the same whatever the value is can be told from what is not
_STAND_INS: Final = (("x", "y"), ("0", "1"))
# where a JSONPath has a number, and no name or text
_BEFORE_NUMBERS: Final = frozenset("=<>[")


class OpenQuery(Struct, frozen=True):
    """What is asked with the values that a workflow has then: ``at`` is the place of which it is asked.

    Until they are known, it ``stands`` for a place below that; it ``is_settled`` when that is so whatever they are.
    Of the way that a query selects, what was ``taken`` is gone already.
    """

    asks: Callable[[Scope], Asking | None]
    workflow: WorkflowKey
    stands: Pointer = ()
    is_settled: bool = True
    at: Pointer = ()
    taken: Pointer = ()

    def below(self, before: Pointer) -> OpenQuery:
        """Return the same with what stands before it."""
        return replace(self, at=(*before, *self.at))

    def within(self, member: str) -> Iterator[OpenQuery]:
        """Yield the same for the member that its way begins with, nothing where it asks nothing of that."""
        if self.at[:1] == (member,):
            yield replace(self, at=self.at[1:])
        elif not self.at and self.stands[:1] == (member,):
            yield replace(self, stands=self.stands[1:], taken=(*self.taken, member))

    def filled(self, scope: Scope) -> Asking | None:
        """Return what it asks with its values, ``None`` when that cannot be told."""
        try:
            asked = self.asks(scope)
        except EvaluationError:
            return None
        if asked is None or asked[0][: len(self.taken)] != self.taken:
            return None
        gone = len(self.taken)
        demands = (each for each in asked[1] if each.path[:gone] == self.taken)
        return asked[0][gone:], tuple(replace(each, path=(*self.at, *each.path[gone:])) for each in demands)

    def moved(self, path: Pointer, new: Pointer) -> Pointer:
        """Return a path with what the query really selects in the place of what stood for it."""
        old = (*self.at, *self.stands)
        return (*self.at, *new, *path[len(old) :]) if path[: len(old)] == old else path


def open_query(template: QueryTemplate, workflow: WorkflowKey) -> OpenQuery | None:
    """Return what selects by a query with expressions, ``None`` when where it looks cannot be told."""
    language = template.type.type
    for pair in _STAND_INS:
        found = [selected_by(language, text) for text in _with_stand_ins(template, pair)]
        if len(found) == len(pair) and found[0] is not None and found[1] is not None:
            (path, _), (other, _) = found[0], found[1]
            return OpenQuery(lambda scope: selected_by(language, template.filled(scope)), workflow, path, path == other)
    return None


def selected_by(language: Language, text: str) -> Asking | None:
    """Return what a query selects, and what must hold for it to; ``None`` when that cannot be told."""
    match language:
        case Language.JSONPOINTER:
            try:
                return parse_pointer(text), ()
            except ValueError:
                return None
        case Language.JSONPATH:
            demands = demands_of_query(text)
            return None if demands is None else (demands[-1].path, demands[:-1])
        case Language.XPATH:
            return selected_by_xpath(text)
        case Language.SIMPLE | Language.REGEX:
            return None


def values_in(template: QueryTemplate) -> Iterator[tuple[Expression, bool]]:
    """Yield the expressions of a query, each with whether it stands where a JSONPath has a number."""
    is_path = template.type.type is Language.JSONPATH
    before = ""
    for part in template.parts:
        if isinstance(part, str):
            before = part.rstrip()[-1:]
        else:
            yield part, is_path and before in _BEFORE_NUMBERS


def _with_stand_ins(template: QueryTemplate, values: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        try:
            yield template.filled_by(_always(value))
        except EvaluationError:
            return


def _always(value: str) -> Callable[[Expression], str]:
    return lambda _part: value
