"""A loop that asks for more and never says of what: each time it asks for the same page; and what says of which.

Decides what looks like pages: an action leads back because the answer has a next one, the request is the same again,
and the operation takes something of the name of what the answer gives for it. What waits for a state is no such loop.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.idempotency import SAFE_METHODS
from arazzo_engine.apis.linking.reach import Reach
from arazzo_engine.apis.linking.uses import uses_in_step
from arazzo_engine.apis.schemas.alternatives import Alternatives
from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.apis.wire_forms.content_types import documented
from arazzo_engine.diagnostics import Related, diagnose
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.objects import ActionType, RequestBody
from arazzo_engine.language.reading.nodes import KEY_PATTERN
from arazzo_engine.language.templates import Literal, ObjectTemplate, template_text
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.flow.repeating.lack import asks_for_none, lacking
from arazzo_engine.validation.flow.repeating.repeats import changes
from arazzo_engine.validation.flow.repeating.using_up import uses_up
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep
    from arazzo_engine.apis.linking.uses import Use
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Place
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.objects import Action
    from arazzo_engine.validation.flow.paths import Paths, Way

# what an answer says where there is more, and what it says of one thing that takes its time
_MORE: Final = frozenset({"next", "more", "cursor", "cursors", "continuation", "marker", "offset", "page", "pages"})
_STATES: Final = frozenset({"status", "state", "step", "action", "poll", "retry", "attempt", "run", "check", "time"})
# what tells one page from another: a place in a list, and a number that the one who asks counts
_PLACES: Final = frozenset({"cursor", "token", "continuation", "marker", "bookmark", "scroll", "after", "next"})
_COUNTED: Final = frozenset({"page", "offset", "skip", "start"})
_BESIDE: Final = frozenset({"next", "start", "starting", "new", "x"})
# ... of which a header has one that is no mere token
_PAGED: Final = (_PLACES | _COUNTED) - {"token"}
_BRACKETED: Final = lazy_pattern(r"(?:page|pager|paging|pagination)\[(\w+)\]")
_NEXT: Final = "next"
_LAST: Final = "last"
_TOKEN: Final = frozenset({"token"})
# what is asked for by a cursor; other methods act upon what they name
_ASKING: Final = SAFE_METHODS | {"POST"}
# the members that a query names
_MEMBER: Final = lazy_pattern(r"(?:\.|\[')([A-Za-z_][\w\-]*)")


class _Unsent(Struct, frozen=True):
    """What an operation takes and a step does not send: a parameter of the query, a header or a member of the body."""

    name: str
    at: Place
    location: In | None = None

    def with_value(self, text: str) -> tuple[str, str]:
        """Return what to add for a value, and the field of the step that it is added to."""
        if self.location is None:
            return f"`{self.name}: {text}`", "payload"
        name = write_scalar(self.name, in_flow=True)
        return f"`{{ name: {name}, in: {self.location}, value: {text} }}`", "parameters"

    def wants(self, given: str) -> bool:
        """Whether it is for what an answer gives: `page[cursor]` wants a cursor, and `page[number]` a page."""
        if self.location is In.HEADER and not _PAGED.intersection(words_of(self.name)):
            return False
        inner = _BRACKETED.fullmatch(self.name)
        names = [self.name] if inner is None else [self.name, "page" if inner[1] == "number" else inner[1]]
        return any(_is_for(given, each) for each in names)


class _Given(Struct, frozen=True):
    """What the answer of a step gives: a name, and the expression of it, of an output or of the answer."""

    name: str
    text: str
    is_output: bool = False


def sends_page(name: str, step: LinkedStep, output: str) -> bool:
    """Whether what a step sends by a name says which page is meant, and is an output of the page before.

    The first time there is none, and the first page is asked for.
    """
    words = frozenset(words_of(name))
    if words != _TOKEN:
        return not words.isdisjoint(_PLACES - _TOKEN | _COUNTED)
    # a mere token may be that of a session
    return any(_is_for(each.name, name) for each in _outputs(step) if each.text.endswith(f".outputs.{output}"))


def unsent_pages(paths: Paths, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each step that is sent again for what comes next, and does not say what."""
    if not any(action.type is ActionType.GOTO for step in paths.workflow.steps for action in step.on_success):
        return
    following = {
        visit: tuple(target for way in paths.ways[visit] if (target := _target(way, paths)) is not None)
        for visit in sorted(paths.reached)
    }
    for circle in Reach(following).circles():
        names = {paths.step(visit).step.step_id for visit in circle}
        acting = {paths.step(visit).step.step_id for visit in circle if uses_up(paths.step(visit), linked)}
        asked: set[str] = set()
        for step, action, given in _leading_back(paths, frozenset(circle), names):
            unsent = [] if step.step.step_id in asked else [*_unsent(step, linked.resolver)]
            found = next(((each, value) for each in unsent for value in given if each.wants(value.name)), None)
            is_same = acting <= {step.step.step_id} and not changes(step, names)
            if found is not None and is_same:
                asked.add(step.step.step_id)
                yield _told(step, action, *found)


def _target(way: Way, paths: Paths) -> int | None:
    """Return the visit to which a success leads: the first, where the workflow begins anew with the same inputs."""
    is_same = way.transfer == paths.workflow.key and way.action is not None and not way.action.parameters
    target = 0 if is_same else way.target
    return target if way.succeeded else None


def _leading_back(
    paths: Paths, circle: frozenset[int], names: set[str]
) -> Iterator[tuple[LinkedStep, Action, list[_Given]]]:
    """Yield each step whose answer has an action lead back to it or a step before it, with what it is known to give."""
    for visit in sorted(circle):
        for way in paths.ways[visit]:
            target = _target(way, paths)
            if way.action is None or target is None or target not in circle or target > visit:
                continue
            for step, given in _asked(paths.step(visit), way.action, paths):
                if step.step.step_id in names:
                    yield step, way.action, [*_outputs(step), *given]


def _asked(chooser: LinkedStep, action: Action, paths: Paths) -> Iterator[tuple[LinkedStep, list[_Given]]]:
    """Yield each step whose answer says that there is more, by the criteria of an action, with what they read of it.

    Nothing where one of them holds when there is none: what waits for more to come asks the same each time.
    """
    depth, lacks = len(action.at.pointer), lacking(action.criteria)
    uses = [each for each in uses_in_step(chooser) if each.at.pointer[:depth] == action.at.pointer]
    queried = [name for each in action.criteria if each.simple is None for name in _MEMBER.findall(each.condition)]
    if any(map(asks_for_none, action.criteria)):
        return
    for use, expression, accessors in ((each, *reading) for each in uses for reading in _readings(each)):
        step = _step_of(expression, chooser, paths)
        read = [*_names_in(expression, accessors)]
        if step is not None and _says_more([*read, *_source_of(step, expression), *queried]):
            if use.text in lacks and not _tells_last(read):
                return
            part = render_pointer(accessors)
            text = f"{expression.text}{'#' if part and expression.pointer is None else ''}{part}"
            yield step, [_Given(each, text) for each in read if expression.root is Root.RESPONSE]


def _step_of(expression: RuntimeExpression, chooser: LinkedStep, paths: Paths) -> LinkedStep | None:
    if expression.root is Root.RESPONSE:
        return chooser
    index = paths.workflow.indexes.get(expression.names[0]) if expression.root is Root.STEPS else None
    return None if index is None else paths.workflow.steps[index]


def _readings(use: Use) -> Iterator[tuple[RuntimeExpression, tuple[str, ...]]]:
    """Yield each way to read what is used, with what follows its name."""
    for expression, accessors in zip(use.readings, use.accessors or ((),) * len(use.readings), strict=True):
        yield expression, tuple(map(str, accessors))


def _names_in(expression: RuntimeExpression, accessors: tuple[str, ...]) -> Iterator[str]:
    """Yield the last name of what an expression reads: of a part, of a header or of an output."""
    parts = [each for each in (*(expression.pointer or ()), *accessors) if not each.isdecimal() and each != "length"]
    named = expression.names[-1:] if expression.names[-1:] != ("body",) else ()
    yield from parts[-1:] or named


def _source_of(step: LinkedStep, expression: RuntimeExpression) -> Iterator[str]:
    if expression.root is Root.STEPS:
        yield from (last for name, last in _read_by_outputs(step) if name == expression.names[-1])


def _read_by_outputs(step: LinkedStep) -> Iterator[tuple[str, str]]:
    """Yield the name of each output that is a part of the answer, and the last name of the part."""
    for name, template in (step.step.outputs or {}).items():
        text = template_text(template) if isinstance(template, Expression) else ""
        if text.startswith("$response."):
            yield name, text.rpartition("/")[2] if "#" in text else text.removeprefix("$response.").partition(".")[2]


def _outputs(step: LinkedStep) -> Iterator[_Given]:
    for name, last in _read_by_outputs(step):
        text = f"$steps.{step.step.step_id}.outputs.{name}"
        yield from (_Given(each, text, is_output=True) for each in dict.fromkeys((last, name)) if each)


def _says_more(names: Sequence[str]) -> bool:
    words = frozenset(chain.from_iterable(map(words_of, names)))
    return not words.isdisjoint(_MORE) and words.isdisjoint(_STATES)


def _tells_last(names: Sequence[str]) -> bool:
    """Whether what is read says that there is no more, so that its lack says that there is."""
    return _LAST in chain.from_iterable(map(words_of, names))


def _unsent(step: LinkedStep, resolver: Resolver) -> Iterator[_Unsent]:
    """Yield what a step does not send of what its operation takes."""
    operation = step.target
    if not isinstance(operation, Operation) or operation.method.upper() not in _ASKING:
        return
    if any(each.location == In.QUERYSTRING for each in step.parameters):
        return
    sent = {name for name, _ in step.given}
    for each in operation.parameters:
        if each.location in {In.QUERY, In.HEADER} and each.name not in sent:
            yield _Unsent(each.name, each.at, each.location)
    members = _members(step.step.request_body)
    for described in () if members is None else documented(operation):
        if kind_of_body(described.name) is BodyKind.JSON and described.schema is not None:
            for known in Alternatives(Parts(resolver)).of((described.schema,)):
                yield from (_Unsent(name, known.at) for name in known.names if name not in (members or ()))


def _members(body: RequestBody | None) -> Collection[str] | None:
    """Return the members of a payload that is an object and written out, ``None`` when it is none."""
    match body:
        case RequestBody(payload=ObjectTemplate(members=members), replacements=()):
            return members
        case RequestBody(payload=Literal(value=dict() as members), replacements=()):
            return members
        case _:
            return None


def _is_for(given: str, wanted: str) -> bool:
    """Whether what an answer gives is what a parameter wants: a number counts only where it is said to be the next."""
    ours, theirs = frozenset(words_of(given)), frozenset(words_of(wanted))
    if (ours - _BESIDE or ours) != (theirs - _BESIDE or theirs):
        return False
    is_next = _NEXT in ours
    if theirs.isdisjoint(_PLACES) or theirs == _TOKEN:
        return is_next and not theirs.isdisjoint(_COUNTED | _TOKEN)
    return True


def _told(step: LinkedStep, action: Action, unsent: _Unsent, given: _Given) -> Diagnostic:
    step_id = step.step.step_id
    name = unsent.name if KEY_PATTERN.fullmatch(unsent.name) else given.name
    message = (
        f"step `{step_id}` asks for the same page again whenever action `{action.name}` is chosen:"
        f" it does not send `{unsent.name}`, which `{given.text}` gives"
    )
    sent, field = unsent.with_value(given.text if given.is_output else f"$steps.{step_id}.outputs.{name}")
    output = "" if given.is_output else f"add `{name}: {given.text}` to the `outputs` of the step, and "
    fix = f"{output}add {sent} to {f'its `{field}`' if output else f'the `{field}` of step `{step_id}`'}"
    if action.step_id is None:
        # a workflow that begins anew has no outputs
        fix = f"lead it to the step, by `stepId: {step_id}` without `workflowId`, and {fix}"
    related = [Related("what is not sent", unsent.at)]
    return diagnose("page-repeated", message, action.at.child("name").location(), fix=fix, related=related)
