"""Where a JSON Pointer leads in what an expression yields: nowhere for certain, or to what nobody describes.

Decides which of the two is told, and what was meant instead. A member that is not described may be there all the same:
a warning; a list has no names, a text no parts, and a closed schema nothing else: an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.alternatives import Way, all_types
from arazzo_engine.apis.schemas.answers import contradicts_example, text_media_type, types_of_bytes, why_without_body
from arazzo_engine.apis.schemas.leads import Lead, follow
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.pointers import render_pointer, resolve_pointer
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.conditions.grammar import EXTENDED, OWN
from arazzo_engine.language.expressions.computations import instead_of_whole
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.templates import ALL, LENGTH, ONE, SELECTS
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_name
from arazzo_engine.validation.types.headers import is_header, of_header
from arazzo_engine.validation.types.reading import Read, reads_in
from arazzo_engine.vocabulary import listed
from arazzo_engine.words import is_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Known
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.types.yields import Yields

XML: Final = "in XML, a JSON Pointer is read as the names of elements"
_SCALARS: Final = {"string": "a text", "number": "a number", "boolean": "a boolean"}
_FROM_END: Final = lazy_pattern(r"-[1-9][0-9]*")
_COUNTED: Final = lazy_pattern(r"-?[0-9]+")
_BEYOND: Final = "-"
_BODIES: Final = (("body",), ("payload",))
_EACH: Final = "*"
_BETWEEN: Final = lazy_pattern(r"[.\[\]]")
# where an expression is a part of a query or a condition
_ASKING: Final = frozenset({"condition", "context", "selector", "target"})
_MENDED: Final = "mend the description: its schema or its example is wrong"
_MOST_LISTED: Final = 12
# of so many members each is looked into for the one that was meant
_MOST_SEARCHED: Final = 60
_MOST_MEANT: Final = 3


def check_reads(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each pointer that leads nowhere or to what is not described, and each such header."""
    for read in reads_in(workflow, yields.linked):
        problem = _of_no_request_body(read)
        problem = problem or (of_header(read, yields) if is_header(read) else _of_pointer(read, yields))
        if problem is not None:
            yield problem


def _of_no_request_body(read: Read) -> Diagnostic | None:
    """Return the warning that a body is read of a request that has none."""
    step = read.seen.step
    is_body = read.expression.root is Root.REQUEST and read.expression.names[:1] in _BODIES
    if step is None or not is_body or step.step.request_body is not None or not isinstance(step.target, Operation):
        return None
    message = f"`{read.use.text}` has no value: step `{step.step.step_id}` sends no body"
    fix = "name what is meant: an input, an output of another step, or a part of the answer, `$response.body#/<part>`"
    at = read.use.at.location(read.use.span)
    return diagnose("expression-unavailable", message, at, fix=fix).as_warning()


def _of_pointer(read: Read, yields: Yields) -> Diagnostic | None:
    if not read.pointer:
        return None
    if empty := _without_body(read, yields):
        return empty
    base = yields.base(read.expression, read.seen)
    lead = follow(base, read.pointer, yields.schemas)
    problem = _beyond_last(read, base, yields) if lead.way in _FINE else _TELLING[lead.way](read, lead, yields)
    is_certain = not read.is_tentative and read.use.moment is not Moment.ACTION
    problem = problem and (_contradicted(read, yields) or problem)
    return problem if problem is None or is_certain else problem.as_warning()


def _without_body(read: Read, yields: Yields) -> Diagnostic | None:
    """Return the warning that a part is read of an answer that never has a body."""
    allowed = yields.allowed(read.seen) if read.expression.is_of_answer_body else None
    why = "" if allowed is None else why_without_body(allowed.responses)
    if allowed is None or not why:
        return None
    message = f"`{read.use.text}` names a part of the body, and {why}"
    fix = "read it of a step whose answer has a body, or mend the description"
    if types_of_bytes(allowed.responses):
        fix = f"write `{_written(read, ())}`, which is all of them, or mend the description"
    return diagnose("part-undescribed", message, read.use.at.location(read.use.span), fix=fix)


def _contradicted(read: Read, yields: Yields) -> Diagnostic | None:
    """Return the warning that an answer is described as a list, and is an object in its example, or the other way."""
    schema = unsure_schema(read, yields)
    if schema is None:
        return None
    kinds = ("a list", "an object")
    described, shown = kinds if "array" in all_types(yields.schemas.of((schema,))) else reversed(kinds)
    told = f"is described as {described}, and is {shown} in its example"
    message = f"`{read.use.text}` names a part of an answer that {told}"
    at, related = read.use.at.location(read.use.span), (Related("described here", schema.at),)
    return diagnose("part-undescribed", message, at, fix=_MENDED, related=related)


def unsure_schema(read: Read, yields: Yields) -> Schema | None:
    """Return the schema of the body that is read where its example contradicts it: nobody knows which is right."""
    allowed = yields.allowed(read.seen) if read.expression.is_of_answer_body else None
    media_types = [] if allowed is None else [each for answer in allowed.responses for each in answer.media_types]
    return next((each.schema for each in media_types if contradicts_example(each, yields.schemas)), None)


def _into_scalar(read: Read, what: str, depth: int) -> Diagnostic:
    message = f"`{read.use.text}` leads into {what}"
    fix = f"use `{_written(read, read.pointer[:depth])}`"
    return diagnose("pointer-nowhere", message, read.use.at.location(read.use.span), fix=fix)


def _into_xml(read: Read, media_type: str) -> Diagnostic:
    """Return the warning that a pointer is read as no other engine may read it."""
    message = f"`{read.use.text}` names a part of an answer that is described as `{media_type}`: {XML}"
    query = "".join(f"[{int(each) + 1}]" if each.isdecimal() else f"/*:{each}" for each in read.pointer)
    fix = f"say so with `context: {read.name}`, `type: xpath`, such as `/*{query}`"
    at = read.use.at.location(read.use.span)
    return diagnose("repaired", message, at, fix=fix, kind=XML).as_warning()


def _is_count(read: Read, lead: Lead) -> bool:
    """Whether a simple condition counts what it names, which linking reads where there is a list or a text."""
    at = read.use.at
    if at.pointer[-1:] != ("condition",) or read.pointer[lead.depth :] != ("length",):
        return False
    criterion = as_mapping(value_at(Place(at.document, at.pointer[:-1])))
    return criterion.get(OWN) == EXTENDED or criterion.get("type", "simple") == "simple"


def _counts_member(read: Read, lead: Lead, yields: Yields) -> bool:
    """Whether a simple condition counts the last member of a pointer by a `.length` behind it, which is no name."""
    name, dot, _ = read.pointer[-1].rpartition(".length")
    if not dot or len(read.pointer) != lead.depth + 1 or read.use.at.pointer[-1:] != ("condition",):
        return False
    known = follow(lead.before, (name,), yields.schemas).known
    return bool(known) and not all_types(known).isdisjoint({"array", "string"})


def _counting(read: Read, pointer: Pointer) -> str:
    if _may_be_selector(read):
        return f"write `{{context: {_written(read, pointer)}, selector: '', type: jsonpointer, {SELECTS}: {LENGTH}}}`"
    # RFC 9535, section 2.4.4: the one way to count that a document has
    counted = f"length(${''.join(f'[{each!r}]' for each in pointer)})"
    return f"count in a criterion: `context: {read.name}`, `type: jsonpath`, `condition: $[?{counted} > 0]`"


def _may_be_selector(read: Read) -> bool:
    """Whether a Selector Object may stand where an expression does: as a value, and not within a text or a query."""
    return value_at(read.use.at) == read.use.text and read.use.at.pointer[-1] not in _ASKING


def _selecting(read: Read, depth: int, parts: Pointer, how: str) -> str:
    """Return the Selector Object for parts of the value that the beginning of a pointer names."""
    steps = (f"[{each}]" if _COUNTED.fullmatch(each) or each == _EACH else f"['{each}']" for each in parts)
    context, query = _written(read, read.pointer[:depth]), f"${''.join(steps)}".replace("'", '"')
    return f"`{{context: {context}, selector: '{query}', type: jsonpath, {SELECTS}: {how}}}`"


def _beyond_last(read: Read, base: Known, yields: Yields) -> Diagnostic | None:
    """Return the error that a pointer names what is behind the last element of a list, where nothing ever is.

    RFC 6901, section 4: "-" references "the (nonexistent) member after the last array element".
    """
    for depth in (depth for depth, token in enumerate(read.pointer) if token == _BEYOND):
        known = follow(base, read.pointer[:depth], yields.schemas).known
        if known and all_types(known) <= {"array", "null"}:
            message = f"`{read.use.text}` names the place behind the last element of a list, where nothing is"
            return diagnose(
                "pointer-nowhere", message, read.use.at.location(read.use.span), fix=_instead_of_beyond(read, depth)
            )
    return None


def _instead_of_beyond(read: Read, depth: int) -> str:
    before, rest = read.pointer[:depth], read.pointer[depth + 1 :]
    first = (*before, *("0" if each == _BEYOND else each for each in read.pointer[depth:]))
    fix = f"name an element by its index, such as `{_written(read, first)}`"
    if not _may_be_selector(read) or _BEYOND in rest:
        return fix
    last = _selecting(read, depth, ("-1", *rest), ONE)
    every = f"; for a list of one part of each, write {_selecting(read, depth, (_EACH, *rest), ALL)}" if rest else ""
    return f"{fix}; for the last one, write {last}{every}"


def _without_parts(read: Read, lead: Lead, yields: Yields) -> Diagnostic | None:
    if _is_count(read, lead):
        return None
    allowed = yields.allowed(read.seen) if read.expression.root is Root.RESPONSE else None
    text = None if allowed is None else text_media_type(allowed.responses)
    if text is not None and is_xml(text):
        return _into_xml(read, text)
    if text is not None:
        what = f"a text, which has no parts: the answer is described as `{text}`, and is read as text"
        return _into_scalar(read, what, 0)
    types = [type_ for type_ in _SCALARS if type_ in all_types(lead.before)]
    what = _SCALARS[types[0]] if len(types) == 1 else "a value"
    return _into_scalar(read, f"{what}, which has no parts", lead.depth)


def _written(read: Read, pointer: Pointer) -> str:
    return f"{read.name}#{render_pointer(pointer)}" if pointer else read.name


def _into_list(read: Read, lead: Lead, yields: Yields) -> Diagnostic | None:
    if _is_count(read, lead):
        return None
    depth = lead.depth
    token, before = read.pointer[depth], read.pointer[:depth]
    message = f"`{read.use.text}` leads into a list, which has no member `{token}`"
    element, rest = (*before, "0", *read.pointer[depth:]), ("0", *read.pointer[depth:])
    fix = "name an element by its index"
    if follow(lead.before, rest, yields.schemas).way in _FINE:
        fix += f", such as `{_written(read, element)}`"
    elif _Leads(lead.before, yields).to(read.pointer[depth + 1 :]):
        fix = f"did you mean `{_written(read, (*before, *read.pointer[depth + 1 :]))}`?"
    if is_count(token):
        fix = _counting(read, before)
    if _FROM_END.fullmatch(token) and _may_be_selector(read):
        fix = f"write {_selecting(read, depth, read.pointer[depth:], ONE)}"
    return diagnose("pointer-nowhere", message, read.use.at.location(read.use.span), fix=fix)


def _forbidden(read: Read, lead: Lead, yields: Yields) -> Diagnostic | None:
    if not lead.names:
        # an object in which nothing may be is one that nobody described
        return _undescribed(read, lead, yields)
    message = f"`{read.use.text}` names `{read.pointer[lead.depth]}`, which {read.owner} cannot have"
    if not _is_exemplified(read, yields):
        return _told(("pointer-nowhere", message), read, lead, yields)
    # a description that contradicts itself says nothing for certain
    found = _told(("part-undescribed", f"{message} by its schema, and has in its example"), read, lead, yields)
    return replace(found, fix=_MENDED).as_warning()


def _is_exemplified(read: Read, yields: Yields) -> bool:
    """Whether an example of the answer has what an expression names."""
    allowed = yields.allowed(read.seen) if read.expression.root is Root.RESPONSE else None
    media_types = [] if allowed is None else [each for answer in allowed.responses for each in answer.media_types]
    examples = (example for each in media_types for example in each.examples)
    return any(resolve_pointer(example, read.pointer) is not ABSENT for example in examples)


def _undescribed(read: Read, lead: Lead, yields: Yields) -> Diagnostic | None:
    token = read.pointer[lead.depth]
    slip = near_name(token, lead.names)
    if (slip is None and (read.is_tentative or lead.way is Way.ALLOWED)) or _counts_member(read, lead, yields):
        return None
    message = f"`{read.use.text}` names `{token}`, which {read.owner} is not described to have"
    return _told(("part-undescribed", message), read, lead, yields)


def _told(found: tuple[str, str], read: Read, lead: Lead, yields: Yields) -> Diagnostic:
    code, message = found
    meant = _meant(read, lead, yields)
    is_few = 0 < len(meant) <= _MOST_MEANT
    fix = instead_of_whole(read.use.text) or _counting_members(read, lead, yields)
    fix = fix or (f"did you mean {' or '.join(f'`{each}`' for each in meant)}?" if is_few else _described(lead.names))
    related = (Related("described here", _described_at(read, lead)),)
    return diagnose(code, message, read.use.at.location(read.use.span), fix=fix, related=related)


def _described_at(read: Read, lead: Lead) -> Place | Location:
    """Return where the part of an input that is nearly named is declared, which may be misspelt; else the schema."""
    near = near_name(read.pointer[lead.depth], lead.names) if read.expression.root is Root.INPUTS else None
    declared = lead.at.child("properties", near or "")
    is_there = near is not None and declared.document.content.at(declared.pointer) is not ABSENT
    return declared.key_location() if is_there else lead.at


def _meant(read: Read, lead: Lead, yields: Yields) -> tuple[str, ...]:
    """Return the expressions that can be meant, by the first of what can be wrong that leads to any."""
    before, token, rest = read.pointer[: lead.depth], read.pointer[lead.depth], read.pointer[lead.depth + 1 :]
    name, leads = near_name(token, lead.names), _Leads(lead.before, yields)
    accessed = _accessed(token)
    if len(accessed) > 1 and leads.to((*accessed, *rest)):
        return (_written(read, (*before, *accessed, *rest)),)
    for near in () if name is None else ((name, *rest), (name, "0", *rest)):
        if follow(lead.before, near, yields.schemas).way in _FINE:
            return (_written(read, (*before, *near)),)
    ways = [way for each in lead.names[:_MOST_SEARCHED] for way in ((each,), (each, "0"))]
    # a member that was left out, one too many, and another one
    tried = ([(*way, token, *rest) for way in ways], [rest], [(*way, *rest) for way in ways if rest])
    found = next(filter(None, ([each for each in pointers if leads.to(each)] for pointers in tried)), [])
    return tuple(dict.fromkeys(_written(read, (*before, *each)) for each in found))


def _accessed(token: str) -> Pointer:
    """Return the parts that are written in the place of one as a language has them, with dots and brackets."""
    return tuple(filter(None, _BETWEEN.split(token)))


def _counting_members(read: Read, lead: Lead, yields: Yields) -> str:
    """Return how to count what a pointer names with the count behind it, such as ``/items.length``."""
    *counted, last = _accessed(read.pointer[-1])
    pointer = (*read.pointer[:-1], *counted)
    is_counted = counted and is_count(last) and _Leads(lead.before, yields).to(pointer[lead.depth :])
    return _counting(read, pointer) if is_counted else ""


class _Leads(Struct, frozen=True):
    """Tells which pointers lead on from a value, by nothing but what is described."""

    known: Known
    yields: Yields

    def to(self, pointer: Pointer) -> bool:
        """Whether each name of a pointer, of which it has one, is described."""
        # where any name may be there, nothing says that this one is meant
        is_whole = follow(self.known, pointer, self.yields.schemas).depth == len(pointer)
        named = [depth for depth, token in enumerate(pointer) if not token.isdecimal()]
        return is_whole and bool(named) and all(self._is_named(pointer, depth) for depth in named)

    def _is_named(self, pointer: Pointer, depth: int) -> bool:
        there = follow(self.known, pointer[:depth], self.yields.schemas).known
        return any(pointer[depth] in each.names for each in there)


def _described(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    return f"use what is described: {listed(names[:_MOST_LISTED])}"


_FINE: Final = frozenset({Way.ON, Way.UNKNOWN})
_TELLING: Final[dict[Way, Callable[[Read, Lead, Yields], Diagnostic | None]]] = {
    Way.INTO_A_LIST: _into_list,
    Way.INTO_A_SCALAR: _without_parts,
    Way.FORBIDDEN: _forbidden,
    Way.UNDESCRIBED: _undescribed,
    Way.ALLOWED: _undescribed,
}
