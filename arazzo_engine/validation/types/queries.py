"""What JSONPath criteria and selectors read of a value and compare it with, against the description of the value.

Decides it for the queries of which it can be told what must hold for them to select something, and for XPath whether
there can be XML at all. A name that nobody
describes is a warning, and so is a listed value that no comparison can find: the query may say more than is seen here.
That an XPath finds no XML is an error where the step cannot succeed without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.schemas.alternatives import Way, all_types, all_values, types_of, words_of_types
from arazzo_engine.apis.schemas.answers import only_json, why_without_body
from arazzo_engine.apis.schemas.asked_forms import told_forms, two_forms
from arazzo_engine.apis.schemas.leads import Lead, follow
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose, likeliest
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.language.conditions.judgements import write_literal
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.language.queries.jsonpath.query_paths import Demand, demands_of_query
from arazzo_engine.language.templates import LENGTH, SELECTS
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_name
from arazzo_engine.validation.types.reading import asked_by, selectors_in
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.vocabulary import listed
from arazzo_engine.words import is_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.expressions.grammar import RuntimeExpression
    from arazzo_engine.language.queries.compiling import QueryTemplate
    from arazzo_engine.validation.types.reading import Asked
    from arazzo_engine.validation.types.yields import Yields


_CRITERION: Final = "the query"
# a member and its text, as JSON writes them: `"state":\s*"done"`
_MEMBER: Final = lazy_pattern(
    r"""\\?"(?P<name>[\w\-]+)\\?"(?:\s|\\s[*?+]?)*:(?:\s|\\s[*?+]?)*\\?"(?P<text>[\w\- ]+)\\?\""""
)
_NUMBER: Final = lazy_pattern(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


class _Query(Struct, frozen=True):
    """A query: what it is called, where it stands, and the value that it asks; one that ``selects`` is to find it."""

    what: str
    at: Place
    asked: RuntimeExpression
    selects: bool
    is_pointer: bool = False

    @property
    def is_criterion(self) -> bool:
        """Whether it stands in a criterion."""
        return self.what == _CRITERION


# what stands for any element is no name that somebody wrote
_ELEMENT: Final = "0"
_CONTAINERS: Final = frozenset({"array", "object"})
_MOST_LISTED: Final = 12
_MOST_TRIED: Final = 200


def check_queries(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each name in a query that is not described, and each value not listed."""
    for step in workflow.steps:
        for asked in asked_by(step, workflow):
            yield from _check(asked, yields)
            yield from _check_xml(asked, yields)
            yield from _check_pattern(asked, yields)
            yield from _check_listed(asked, yields)
            yield from _check_body(asked, yields)
    yield from _check_forms(workflow, yields)
    for selector, seen in selectors_in(workflow):
        context, at = selector.context.expression, selector.at.child("selector")
        query = _Query("the selector", at, context, selects=True, is_pointer=_is_pointer(selector.query))
        yield from _told(query, _demands(selector.query), yields.of(context, seen), yields)


def _check(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    criterion, context = asked.criterion, asked.criterion.context
    if criterion.type.type is not Language.JSONPATH or context is None or criterion.query is None:
        return
    query = _Query(_CRITERION, criterion.at.child("condition"), context, asked.is_assertion)
    yield from _told(query, _demands(criterion.query), yields.of(context, asked.seen), yields)


def _is_pointer(query: QueryTemplate) -> bool:
    return query.type.type is Language.JSONPOINTER


def _demands(query: QueryTemplate) -> tuple[Demand, ...]:
    # a name with an expression in it is not known
    if query.expressions:
        return ()
    if _is_pointer(query):
        return (Demand(parse_pointer(query.text)),)
    return (demands_of_query(query.text) or ()) if query.type.type is Language.JSONPATH else ()


def _told(query: _Query, demands: tuple[Demand, ...], known: Known, yields: Yields) -> Iterator[Diagnostic]:
    told: set[str] = set()
    for demand in demands:
        lead = follow(known, demand.path, yields.schemas)
        problem = _TELLING.get(lead.way, _unlisted)(demand, lead, query)
        if problem is not None and problem.message not in told:
            told.add(problem.message)
            yield problem


def _check_body(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for a query that asks a body which no answer has; of a part of it, the pointer is told."""
    context = asked.criterion.context
    if context is None or not context.is_of_answer_body or context.pointer:
        return
    allowed = yields.allowed(asked.seen)
    why = "" if allowed is None else why_without_body(allowed.responses)
    if why:
        at, fix = asked.criterion.at.child("context").location(), "ask the status or a header, or mend the description"
        yield diagnose("part-undescribed", f"the query asks the body, and {why}", at, fix=fix)


def _check_pattern(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for a pattern over what is never a text: it is searched in the JSON text."""
    criterion, context = asked.criterion, asked.criterion.context
    known = () if criterion.type.type is not Language.REGEX or context is None else yields.of(context, asked.seen)
    types = all_types(known) - {"null"}
    if context is None or not known or not types or not types <= _CONTAINERS:
        return
    message = f"the pattern is searched in the JSON text of `{context}`, which is {words_of_types(types)}"
    at, related = criterion.at.child("context").location(), (Related("described here", known[0].at),)
    fix = _as_comparison(criterion.condition, context, known, yields) or "name the part of it that is meant"
    yield diagnose("pattern-over-object", message, at, fix=fix, related=related)


def _check_listed(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for a pattern that matches none of the values that are listed."""
    criterion, context = asked.criterion, asked.criterion.context
    query = criterion.query if criterion.type.type is Language.REGEX else None
    if context is None or context.root is Root.STATUS_CODE or query is None or query.fixed is None:
        return
    known = yields.of(context, asked.seen)
    values = all_values(known) or ()
    if not 0 < len(values) <= _MOST_TRIED or any(isinstance(each, dict | list) for each in values):
        return
    if any(query.fixed.judge(each).passed for each in values):
        return
    shown = listed([write_literal(each) for each in values[:_MOST_LISTED]])
    message = f"no value of `{context.text}` matches the pattern: it is one of {shown}"
    at, related = criterion.at.child("condition").location(), (Related("described here", known[0].at),)
    yield diagnose("comparison-decided", message, at, fix="", related=related).as_warning()


def _as_comparison(pattern: str, context: RuntimeExpression, known: Known, yields: Yields) -> str:
    """Return the condition that a pattern of one described member and its text is, with why nothing else is said."""
    match = _MEMBER.fullmatch(pattern)
    is_described = match is not None and follow(known, (match["name"],), yields.schemas).way is Way.ON
    if match is None or not is_described:
        return ""
    root = context.text if context.pointer else f"{context.text}#"
    return f"write `condition: {root}/{match['name']} == '{match['text']}'`, without `type` and `context`"


def _check_xml(asked: Asked, yields: Yields) -> Iterator[Diagnostic]:
    """Yield what is told of an XPath criterion over an answer that is described as JSON, and there as no text."""
    context = asked.criterion.context
    if context is None or not asked.criterion.asks_body_by(Language.XPATH):
        return
    allowed, known = yields.allowed(asked.seen), yields.of(context, asked.seen)
    media_types = only_json(() if allowed is None else allowed.responses)
    if media_types and known and "string" not in all_types(known):
        shown = listed(list(dict.fromkeys(media_types)))
        message = f"the query is XPath, and `{context.text}` is described as JSON ({shown}), which it cannot look into"
        at = asked.criterion.at.child("condition").location()
        fix = "ask by `jsonpath`, or describe the answer as XML"
        related = (Related("described here", known[0].at),)
        problem = diagnose("comparison-decided", message, at, fix=fix, related=related)
        # a step that has to fulfil it always fails
        yield problem if asked.is_assertion else problem.as_warning()


def _check_forms(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for a step that asks one answer for XML and for JSON, and whose operation says of neither."""
    for step in workflow.steps:
        found = two_forms(step.step.success_criteria)
        allowed = None if found is None else yields.allowed(Seen(workflow).after(step))
        if found is not None and allowed is not None and not any(each.media_types for each in allowed.responses):
            at, related = found[0].at.child("condition").location(), (Related("and here", found[1].at),)
            fix = "ask for both in one way, by `xpath` or by `jsonpath`"
            yield diagnose("criteria-contradictory", told_forms(*found), at, fix=fix, related=related).as_warning()


def _undescribed(demand: Demand, lead: Lead, query: _Query) -> Diagnostic | None:
    name = demand.path[lead.depth]
    slip = near_name(name, lead.names)
    if name == _ELEMENT or (slip is None and not query.selects):
        return None
    message = f"{query.what} asks for `{name}`, which `{query.asked}` is not described to have"
    at = query.at.location()
    fix = f"did you mean `{slip}`?" if slip else f"use what is described: {listed(lead.names[:_MOST_LISTED])}"
    related = (Related("described here", lead.at),)
    return diagnose("part-undescribed", message, at, fix=fix, related=related)


def _without_parts(demand: Demand, lead: Lead, query: _Query) -> Diagnostic | None:
    name = demand.path[lead.depth]
    if name == _ELEMENT or not query.selects:
        return None
    is_list = lead.way is Way.INTO_A_LIST
    what = "a list, which has no names" if is_list else "a value that has no parts"
    message = f"{query.what} asks for `{name}` in {what}, and selects nothing"
    fix = _counting(demand, lead, query) if is_count(name) else _whole(demand, lead, query, is_list=is_list)
    at = query.at.location()
    related = (Related("described here", lead.at),)
    return diagnose("part-undescribed", message, at, fix=fix, related=related)


def _whole(demand: Demand, lead: Lead, query: _Query, *, is_list: bool) -> str:
    if query.is_pointer:
        before = render_pointer(demand.path[: lead.depth])
        return f"name an element, such as `{_ELEMENT}`" if is_list else f"ask for `{before}`"
    before = f"${_brackets(demand.path[: lead.depth])}"
    return f"name an element, such as `{_ELEMENT}`, or all of them, by `[*]`" if is_list else f"ask for `{before}`"


def _counting(demand: Demand, lead: Lead, query: _Query) -> str:
    if query.is_criterion:
        return f"count with `$[?length(${_brackets(demand.path[: lead.depth])}) > 0]`"
    return f"select what is counted, and add `{SELECTS}: {LENGTH}`"


def _brackets(path: Pointer) -> str:
    return "".join(f"[{each!r}]" for each in path)


def _unlisted(demand: Demand, lead: Lead, query: _Query) -> Diagnostic | None:
    known = lead.known
    if demand.operator != "==" or demand.counts or isinstance(demand.value, dict | list):
        return None
    values = all_values(known)
    if values is None:
        return _of_another_type(demand, known, query)
    if demand.value in values:
        return None
    shown = listed([write_literal(each) for each in values[:_MOST_LISTED] if not isinstance(each, dict | list)])
    message = f"{query.what} asks for {write_literal(demand.value)}, and `{demand.path[-1]}` is one of {shown}"
    at = query.at.location()
    meant = likeliest(demand.value, map(str, values)) if isinstance(demand.value, str) else None
    fix = f"did you mean `{write_literal(meant)}`?" if meant else ""
    related = (Related("described here", known[0].at),)
    return diagnose("comparison-decided", message, at, fix=fix, related=related).as_warning()


def _of_another_type(demand: Demand, known: Known, query: _Query) -> Diagnostic | None:
    """Return what is told of a comparison with a value of a type that is never there: a query converts nothing."""
    # RFC 9535, section 2.3.5.2.2: `==` of values of different types is false
    types, value = all_types(known), demand.value
    if value is None or not known or types.intersection(types_of(value)):
        return None
    shown = write_literal(value)
    message = f"{query.what} asks for {shown}, and `{demand.path[-1]}` is {words_of_types(types)}"
    meant = str(value).lower() if isinstance(value, str) else f"'{shown}'"
    fix = f"did you mean `{meant}`?" if types & _types_of_text(meant) else ""
    related = (Related("described here", known[0].at),)
    return diagnose("comparison-decided", message, query.at.location(), fix=fix, related=related).as_warning()


def _types_of_text(written: str) -> frozenset[str]:
    """Return the types of a literal as a query has it, none of a word."""
    if written.startswith("'"):
        return frozenset({"string"})
    if written in {"true", "false"}:
        return frozenset({"boolean"})
    return frozenset({"integer", "number"}) if _NUMBER.fullmatch(written) else frozenset()


_TELLING: Final = {
    **dict.fromkeys((Way.UNDESCRIBED, Way.FORBIDDEN), _undescribed),
    **dict.fromkeys((Way.INTO_A_LIST, Way.INTO_A_SCALAR), _without_parts),
}
