"""How an answer is made to hold what is wanted of it: what is read later, and what the criteria of a goal demand.

Decides what is put into a documented answer and what of that no description has; which answer and which goal are meant
is for ``staging``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.messages.exchange import WITHOUT_CONTENT
from arazzo_engine.language.messages.payloads import is_json, is_xml
from arazzo_engine.language.templates import expressions_in
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.simulation.examples import refusals_of
from arazzo_engine.simulation.fitting.described_xml import demanded_in_value, has_all, is_example_in_xml, read_in_value
from arazzo_engine.simulation.fitting.meeting import targets_by_path
from arazzo_engine.simulation.goals import SUCCESSES, Goal, asks_body
from arazzo_engine.simulation.made_headers import MadeHeaders
from arazzo_engine.simulation.paths.asking import demands, likely_demands
from arazzo_engine.simulation.paths.settled import without_settled
from arazzo_engine.simulation.putting import Putter
from arazzo_engine.simulation.queries.statuses import wanted_statuses
from arazzo_engine.simulation.queries.undescribed_xml import as_element, with_root
from arazzo_engine.simulation.reading.reads import Reads
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.machine.effects import Asked
    from arazzo_engine.simulation.answers import Draft
    from arazzo_engine.simulation.schema_ways import Ways


class Made(Struct, frozen=True):
    """An answer that was made, with what of its body and of its headers is beyond the description, and what reads it.

    ``missed`` says what of the goal it does not meet. Where there is none, ``without`` says why, and the
    draft stands for nothing.
    """

    draft: Draft
    beyond: dict[tuple[str, ...], str]
    headers: dict[str, str] = field(default_factory=dict)
    missed: str = ""
    without: NoResponse | None = None


class Shaper(Struct, frozen=True):
    """Makes answers to the requests of one description hold what is wanted of them."""

    linked: LinkedDescription
    ways: Ways

    def shape(self, draft: Draft, goal: Goal, asked: Asked, reads: Reads) -> Made:
        """Return a draft with what is read of it and what the goal demands of it; a given body stays as it is."""
        if draft.status in WITHOUT_CONTENT and not draft.is_given:
            draft = replace(draft, body=ABSENT)
        outputs = (asked.step.step.outputs or {}).values()
        draft = with_root(self._as_written_out(draft, goal, asked, reads), (*goal.passing, *goal.failing), outputs)
        reads = Reads([read_in_value(each, draft) for each in reads.body], reads.headers)
        putter = Putter(self.ways)
        headers = MadeHeaders(draft, putter, draft.headers)
        body = draft.body
        has_body = not draft.is_given and draft.status not in WITHOUT_CONTENT
        if draft.status in SUCCESSES or draft.status in wanted_statuses(asked.step):
            headers.let_be_read(reads.headers)
            hidden = self._read_as_secrets(asked)
            for each in (each for each in hidden if each.is_of_answer_header):
                headers.let_be_secret(each.names[1])
            body = _hidden(hidden, draft, _with_read(putter, draft, reads), putter) if has_body else body
        scope = asked.scope_with(replace(draft, body=body, headers=headers.headers).response())
        wanted = without_settled(goal.seen_in_answer(asked.step), draft, scope, putter)
        groups = (*likely_demands(putter, draft, wanted, scope), *demands(wanted, scope))
        for by, demand in putter.elements.asked_for(body, groups):
            if demand.header:
                headers.let_hold(demand.header, demand, by)
            elif has_body:
                body = putter.let_hold(body, draft.schema, demanded_in_value(demand, draft, by), by)
        body = _as_written(body, draft) if has_body else body
        if body is not ABSENT and draft.body is ABSENT:
            criteria = (each.condition for each in (*goal.passing, *goal.failing) if asks_body(each))
            by = next(iter((*putter.beyond.values(), *(each.by for each in reads.body), *criteria)), "")
            putter.beyond.setdefault((), by)
        return Made(replace(draft, body=body, headers=headers.headers), putter.beyond, headers.beyond)

    def _as_written_out(self, draft: Draft, goal: Goal, asked: Asked, reads: Reads) -> Draft:
        """Return a draft with its example in XML where that has all that is wanted, else with a value to be written."""
        if not is_example_in_xml(draft):
            return draft
        if has_all(draft, reads.body) and goal.is_met(draft.status, asked.scope_with(draft.response())):
            return replace(draft, is_given=True)
        made = None if draft.schema is None else self.ways.sample(draft.schema)
        return replace(draft, body=made) if isinstance(made, dict | list) else draft

    def _read_as_secrets(self, asked: Asked) -> tuple[RuntimeExpression, ...]:
        """Return what is read of an answer that flows into a credential, or is kept as one by its name."""
        read = find_secrets(self.linked).read_of(asked.workflow.key, asked.step.step.step_id)
        named = (each for name, each in (asked.step.step.outputs or {}).items() if is_secret_member(name))
        return (*read, *(each.expression for template in named for each in expressions_in(template)))

    def unfit(self, made: Made) -> Iterator[str]:
        """Yield what the description refuses in an answer that was made to fit it; not what is made up beyond it."""
        draft = made.draft
        is_made = made.without is None and not draft.is_given and draft.body is not ABSENT
        if not is_made or draft.schema is None or not is_json(draft.content_type):
            return
        for each in refusals_of(draft.body, draft.schema, self.linked.resolver):
            if not any(path == each.path[: len(path)] for path in made.beyond):
                what = f"`#{render_pointer(each.path)}`" if each.path else "the body"
                yield f"no answer was found that fits the description: {what} {each.message}"
                return


def notes_of(made: Made) -> Iterator[str]:
    """Yield what of an answer no description says, and what it does not meet."""
    status = made.draft.status
    yield from filter(None, (made.draft.undocumented, made.missed))
    # without a body, none of its parts is there
    if () in made.beyond:
        names = dict.fromkeys((made.beyond[()], *made.beyond.values()))
        reading = f"{listed(names)} {'read' if len(names) > 1 else 'reads'}"
        yield f"the description does not have a body for {status}, which {reading}: made up"
    for path, by in () if () in made.beyond else made.beyond.items():
        yield f"the description does not have `#{render_pointer(path)}`, which `{by}` reads: made up"
    for name, by in made.headers.items():
        yield f"the description does not have a header `{name}`, which `{by}` reads: made up"


def _as_written(body: Value, draft: Draft) -> Value:
    """Return what can be written of a body: no text is null, and where nothing is known of one it is any."""
    if is_xml(draft.content_type):
        return as_element(body, draft)
    if not draft.content_type or is_json(draft.content_type):
        return body
    if body is None:
        return ABSENT
    return "sample" if body == {} and draft.schema is None else body


def _with_read(putter: Putter, draft: Draft, reads: Reads) -> Value:
    """Return the body of a draft with all in it that is read, as it can go where it goes."""
    body = draft.body
    # where a value goes says more of it than that it is kept
    ordered = sorted(putter.elements.read(body, reads.body), key=lambda each: each.schema is None)
    for read in ordered:
        body = putter.let_exist(body, draft.schema, read)
        body = putter.let_be_alone(body, draft.schema, read)
    for path, targets in targets_by_path(ordered, putter.ways):
        if putter.is_made_up(body, draft.schema, path):
            body = putter.let_fit(body, draft.schema, path, targets)
    for read in ordered:
        for demand in read.demands:
            body = putter.let_hold(body, draft.schema, demand, read.by)
    return body


def _hidden(read: Iterable[RuntimeExpression], draft: Draft, body: Value, putter: Putter) -> Value:
    """Return a body in which what is read of it as a secret is a text of its own."""
    for each in read:
        if each.is_of_answer_body:
            path = each.pointer or ()
            body = putter.let_be_secret(body, draft.schema, path, (*each.names, *path)[-1])
    return body
