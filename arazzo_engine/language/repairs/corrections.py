"""Repairing a document by the table: one change and one warning for each place.

Decides which rows are made at a place, in which order, and what is told of them. What is a mistake and what it becomes
is the rows' to say.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.content import Whole
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.json.writing import json_text
from arazzo_engine.documents.pointers import is_within
from arazzo_engine.documents.watch import go_on
from arazzo_engine.edits import Applicability
from arazzo_engine.language.conditions.grammar import OWN, is_condition, is_own_condition
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.expressions.strict_names import fix_naming
from arazzo_engine.language.expressions.strings import unquoted
from arazzo_engine.language.repairs.criteria.conditions import simple_condition
from arazzo_engine.language.repairs.declared import declarations_named, input_schema_named
from arazzo_engine.language.repairs.names import OUTPUT_OF_SOURCE, entries, members
from arazzo_engine.language.repairs.output_names import named_anew, names_as_written, unfit_names
from arazzo_engine.language.repairs.rows import fix_by_writing, read_as, shortened
from arazzo_engine.language.repairs.shapes.moves import moves
from arazzo_engine.language.repairs.shapes.neighbours import CONTINUE, continuing, requirements
from arazzo_engine.language.repairs.shapes.places import shapes
from arazzo_engine.language.repairs.shapes.schemas import schemas_by_expression
from arazzo_engine.language.repairs.shapes.sent_parameters import send_parameters, wrap_body
from arazzo_engine.language.repairs.shapes.table import SHAPES
from arazzo_engine.language.repairs.shapes.telling import told_of_shape
from arazzo_engine.language.repairs.sites import Kind, Site, sites, unnamed_actions
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.language.repairs.table import (
    CONTINUING,
    OUTPUT_NAME,
    REPAIRS,
    REQUIREMENT,
    SCHEMA_REFERENCE,
    UNDECLARED_INPUTS,
    UNNAMED_ACTION,
)
from arazzo_engine.language.repairs.undeclared_inputs import declare_inputs, given_as_inputs
from arazzo_engine.language.repairs.values.table import VALUES
from arazzo_engine.language.templates import SELECTS, VALUE, without_mark
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.documents.document import Document, Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.strings import Span
    from arazzo_engine.language.repairs.rows import Repair

# the field of an object that a finding points at
_TOLD_FIRST: Final = ("condition", "context", "selector", "reference", "$ref", "type")
# the rows that name what is declared otherwise: a step by another name than its operation's, and all in another case
_OTHERWISE: Final = frozenset(
    {
        *("step-by-operation", "target-by-operation", "step-in-condition"),
        *("id-case", "step-id-case", "workflow-id-case", "source-name"),
    }
)
# the rows for texts that do not begin as an expression
_AROUND: Final = frozenset(
    {"dot-after-sign", "embedded-expression", "missing-braces", "braces-of-templates", "template-in-parameter"}
)
# ... and those for texts that do and that do not: as an expression, and in the braces of a text
_OF_BOTH: Final = frozenset({"space-around-value", "nearly-a-root", "own-output", "output-of-output"})
# text in quotes, which is left alone, or space
_SPACE: Final = lazy_pattern(r"(?P<quoted>'[^']*'|\"(?:[^\"\\]|\\.)*\")|\s+", re.DOTALL)
_SHAPED: Final = frozenset(kind for row in SHAPES for kind in row.kinds)
_SAFE: Final = frozenset({Applicability.SAFE})
_SENT: Final = {Kind.STEP: send_parameters, Kind.BODY: wrap_body}


class Repaired(Struct, frozen=True):
    """A document with its mistakes corrected, and a warning for each place that was."""

    document: Document
    problems: tuple[Diagnostic, ...]


class _Change(Struct, frozen=True):
    pointer: Pointer
    written: JsonValue
    problem: Diagnostic | None
    moved: Mapping[Pointer, Pointer] = {}


def repair(document: Document) -> Repaired:
    """Return the document as the specification would have it written, as far as there is one way to read it."""
    problems: list[Diagnostic] = []
    renamed = names_as_written(document.value)
    document = replace(document, renamed=renamed) if renamed else document
    is_in_shape = False
    for find in _FINDERS:
        changes = () if find is _shapes and is_in_shape else tuple(find(document))
        is_in_shape = not changes and (is_in_shape or find is _shapes)
        if changes:
            value = _with(document.value, [(change.pointer, change.written) for change in changes])
            moved = _moved(document, changes) if find in {_shapes, _sent} else document.moved
            document = replace(document, content=Whole(document.text, value), moved=moved)
            problems += sorted((change.problem for change in changes if change.problem is not None), key=_line)
    return Repaired(document, tuple(problems))


def _moved(document: Document, changes: Iterable[_Change]) -> dict[Pointer, Pointer]:
    """Return where in the text everything stands that changes of shape have put elsewhere, so far."""
    moved = dict(document.moved)
    for change in changes:
        at = change.pointer
        for to, start in (change.moved or moves(document.content.at(at), change.written)).items():
            moved[*at, *to] = document.in_text((*at, *start))
    return moved


def _line(problem: Diagnostic) -> tuple[int, int]:
    return (problem.location.line, problem.location.column) if problem.location else (0, 0)


def correct(site: Site, wanted: frozenset[Applicability] = _SAFE) -> tuple[JsonValue, tuple[Repair, ...]]:
    """Return what stands at a place after every repair that fits and is wanted, and those repairs."""
    value = site.value
    made: list[Repair] = []
    for row in SHAPES if site.kind in _SHAPED else REPAIRS:
        if row.applicability in wanted and site.kind in row.kinds and _is_asked(row, site.kind, value):
            changed = row.make(site.kind, value, site.names)
            if changed is not None:
                value = changed
                made.append(row)
    # several rows may have to be made before an expression names something; when it never does, none is
    is_expression = site.kind in VALUES and isinstance(value, str) and looks_like_expression(value)
    if made and is_expression and not (site.names.know_text(value) or site.names.may_name_output(value)):
        return site.value, ()
    return value, tuple(made)


def _is_asked(row: Repair, kind: Kind, value: JsonValue) -> bool:
    """Whether a row looks at a text: some rows are for expressions, some for texts around them."""
    if kind in VALUES and not isinstance(value, str):
        return False  # a row has made an object of it
    if Kind.PARAMETER not in row.kinds or row.name in _OF_BOTH:
        return True
    return looks_like_expression(value) is not (row.name in _AROUND)


def _shapes(document: Document) -> Iterator[_Change]:
    for site in shapes(document.value):
        written, made = correct(site)
        if made:
            at = document.root().child(*site.pointer)
            yield _Change(site.pointer, written, told_of_shape(at, site.value, written, made))


def _sent(document: Document) -> Iterator[_Change]:
    """Yield each body that is written as parameters, or around what it sends: linking knows what is told of it."""
    for site in shapes(document.value):
        send = _SENT.get(site.kind)
        sent = None if send is None else send(site.value)
        if sent is not None:
            yield _Change(site.pointer, sent.written, None, sent.moved)


def _schemas(document: Document) -> Iterator[_Change]:
    for pointer, found, written in schemas_by_expression(document.value):
        at = document.root().child(*pointer)
        named = next(name for name in ("$ref", "reference", "") if name in found or not name)
        text = found[named] if isinstance(found, dict) else found
        new = f"$ref: '{written['$ref']}'"
        message = f"`{f'{named}: ' if isinstance(found, dict) else ''}{shortened(text)}` is read as `{new}`: "
        place = at.child(named) if isinstance(found, dict) else at
        kind = SCHEMA_REFERENCE.reason
        fix = f"write `{new}`"
        edits = [at.written(written)]
        meant = input_schema_named(document, written["$ref"])
        problem = diagnose("repaired", message + kind, place.location(), fix=fix, related=meant, edits=edits, kind=kind)
        # where a source is, and so what is to be written, linking knows
        yield _Change(pointer, written, None if written["$ref"].startswith("{") else problem)


def _output_names(document: Document) -> Iterator[_Change]:
    """Yield each text that names such an output, then the names: an output and what names it are written together."""
    root = document.root()
    references = tuple(named_anew(document.value))
    value = _with(document.value, [(pointer, written) for pointer, _, written in references])
    unfit = tuple(unfit_names(value))
    # a text within outputs that are written anew is written with them
    tops = {pointer: each for each in unfit for pointer, _, _ in references if is_within(pointer, each.pointer)}
    texts = [(pointer, written) for pointer, _, written in references if pointer not in tops]
    places: list[tuple[Pointer, JsonValue]] = [*texts, *((each.pointer, each.written) for each in unfit)]
    edits = [root.child(*pointer).written(written) for pointer, written in places]
    for pointer, text, written in references:
        change = _difference(text, written)
        message = f"{change.message}: {OUTPUT_NAME.reason}"
        problem = diagnose("repaired", message, root.child(*pointer).location(), fix=change.fix, edits=edits)
        top = tops.get(pointer)
        yield _Change(pointer, written, problem) if top is None else _Change(top.pointer, top.written, problem)
    for outputs in unfit:
        at = root.child(*outputs.pointer, next(iter(outputs.renamed)))
        found, new = _listed(outputs.renamed), _listed(outputs.renamed.values())
        message = f"the name {found} is read as {new}: {OUTPUT_NAME.reason}"
        problem = diagnose("repaired", message, at.key_location(), fix=f"write {new}", edits=edits)
        yield _Change(outputs.pointer, outputs.written, problem)


def _undeclared_inputs(document: Document) -> Iterator[_Change]:
    for index, workflow in enumerate(entries(document.value, "workflows")):
        schema = declare_inputs(workflow, document.value)
        if schema is not None:
            at = document.root().child("workflows", index)
            told = at
            inputs = members(workflow, "inputs")
            declared = members(inputs, "properties")
            given = given_as_inputs(workflow)
            added = [name for name in schema["properties"] if name not in declared and name not in given]
            if not added:
                # told with the parameters that give them
                yield _Change(at.child("inputs").pointer, schema, None)
                continue
            listed = ", ".join(f"`{name}`" for name in added)
            # what it declares may stand in a schema that it refers to
            is_schema = bool(declared) or not inputs.keys().isdisjoint(("$ref", "allOf"))
            how = "does not declare " + ("it" if len(added) == 1 else "them") if is_schema else "declares none"
            message = f"the workflow uses {listed} of its inputs and {how}: {UNDECLARED_INPUTS.reason}"
            if is_schema:
                told = _first_use(document, ("workflows", str(index)), added[0]) or at.child("inputs")
            place = at.child("inputs")
            edits = [place.written(schema, before="steps")]
            kind = UNDECLARED_INPUTS.reason
            fix = _declaring(schema, added, inputs)
            problem = diagnose("repaired", message, told.location(), fix=fix, edits=edits, kind=kind)
            yield _Change(place.pointer, schema, problem)


def _declaring(schema: JsonValue, added: list[str], inputs: dict[str, JsonValue]) -> str:
    """Say what to add to a workflow, to its inputs, or to their properties."""
    new: JsonValue = {name: {} for name in added}
    if members(inputs, "properties"):
        return f"add `{json.dumps(new, ensure_ascii=False)[1:-1]}` to its `properties`"
    if inputs:
        required = {} if inputs.get("required") == schema["required"] else {"required": schema["required"]}
        written = {**required, "properties": new}
        return f"add `{json.dumps(written, ensure_ascii=False)[1:-1]}` to its `inputs`"
    return f"add `{json.dumps({'inputs': schema}, ensure_ascii=False)[1:-1]}`"


def _first_use(document: Document, workflow: tuple[str, str], name: str) -> Place | None:
    """Return where a workflow names an input first."""
    used = re.compile(rf"\$inputs\.{re.escape(name)}(?![\w\-])")
    for site in sites(document.value):
        if site.pointer[:2] == workflow and used.search(json_text(site.value)):
            return document.root().child(*site.pointer)
    return None


def _unnamed_actions(document: Document) -> Iterator[_Change]:
    for pointer, name in unnamed_actions(document.value):
        at = document.root().child(*pointer)
        message = f"the action has no `name`, and is called `{name}`: {UNNAMED_ACTION.reason}"
        edits = [at.child("name").written(name, before="type")]
        kind = UNNAMED_ACTION.reason
        problem = diagnose("repaired", message, at.location(), fix=f"add `name: {name}`", edits=edits, kind=kind)
        yield _Change((*pointer, "name"), name, problem)


def _requirements(document: Document) -> Iterator[_Change]:
    for schema in requirements(document.value):
        root = document.root()
        # what a repair of shape has put elsewhere is written after that one, where it stands then
        is_moved = any(is_within(pointer, schema.pointer) for pointer in document.moved)
        edits = [] if is_moved else [root.child(*schema.pointer).written(schema.written)]
        kind = REQUIREMENT.reason
        for each in schema.found:
            name = each.pointer[-2]
            read = f"is read as `{name}` in the `required` of its object" if each.is_required else "is left out"
            message = f"`required: {json.dumps(each.is_required)}` of property `{name}` {read}: {kind}"
            add = f", and add `{name}` to the `required` beside `properties`" if each.is_required else ""
            place = root.child(*each.pointer).key_location()
            problem = diagnose("repaired", message, place, fix=f"remove it{add}", edits=edits, kind=kind)
            yield _Change(schema.pointer, schema.written, problem)


def _continuing(document: Document) -> Iterator[_Change]:
    for step in continuing(document.value):
        at = document.root().child(*step.pointer)
        action = ", ".join(f"{name}: {_in_yaml(each)}" for name, each in step.action.items())
        kind = CONTINUING.reason
        message = f"`{CONTINUE}: true` is read as the entry `{{{action}}}` at the end of `onFailure`: {kind}"
        fix = f"write `{{{action}}}` at the end of `onFailure`, and remove `{CONTINUE}`"
        place = at.child(CONTINUE).key_location()
        edits = [at.written(step.written)]
        yield _Change(step.pointer, step.written, diagnose("repaired", message, place, fix=fix, edits=edits, kind=kind))


def _changes(document: Document) -> Iterator[_Change]:
    for site in sites(document.value):
        go_on()
        written, made = (site.value, ()) if is_sound(site) else correct(site)
        if made:
            # what has no value in any form is told as that, and what is no condition in any form, and in no other form
            is_of_none = not site.names.has_outputs and "$outputs." in json_text(written)
            is_vain = is_of_none or OUTPUT_OF_SOURCE.search(json_text(written)) or _is_no_condition(written)
            told = None if is_vain else _told(document, site, written, made)
            if told is not None and not _OTHERWISE.isdisjoint(row.name for row in made):
                told = replace(told, related=declarations_named(document, site.pointer, site.value, written))
            yield _Change(site.pointer, written, told)


def _is_no_condition(value: JsonValue) -> bool:
    """Whether a value is a criterion with a simple condition that the grammar still does not have."""
    text = simple_condition(value) if isinstance(value, dict) else None
    return text is not None and not (is_own_condition(text) if OWN in value else is_condition(text))


def _told(document: Document, site: Site, written: JsonValue, made: tuple[Repair, ...]) -> Diagnostic:
    at = document.root().child(*site.pointer)
    # what only this engine reads is written for those who ask for it
    is_own = isinstance(written, dict) and not written.keys().isdisjoint((OWN, SELECTS, VALUE))
    sureness = Applicability.UNSAFE if is_own else Applicability.SAFE
    edits = [at.written(written, sureness)]
    reasons = "; ".join(row.reason for row in made)
    if isinstance(written, str) and isinstance(site.value, dict) and site.kind is Kind.SELECTOR:
        found, new = json_text(site.value), written
        fix = f"write `{new}`"
    elif isinstance(site.value, str) and isinstance(written, str):
        change = _difference(site.value, written)
        naming, is_all = fix_naming(written, site.names.sources)
        fix, edits = (change.fix, edits) if is_all else (naming, [])
        message = f"{change.message}: {reasons}"
        return diagnose("repaired", message, at.location(change.span), fix=fix, edits=edits, kind=reasons)
    elif isinstance(site.value, str):
        found, new = site.value, json_text(without_mark(written))
        fix = f"write `{json_text(written)}`"
        if made[-1].name == "none-as-output":
            # nobody wants to say nothing
            fix, edits = _giving_output(found), []
    elif site.kind is Kind.MAPPING:
        found, new = str(unquoted(site.value)), written
        fix = f"write `{new}`"
    else:
        changed = (each for each in _TOLD_FIRST if each in site.value and site.value[each] != written.get(each))
        name = next(changed, "condition")
        at = at.child(name)
        added = [each for each in written if each not in site.value]
        found, new = _shown(site.value.get(name)), _shown(written.get(name, written.get(*added[:1] or "-", "")))
        fields = _fields(site.value, written)
        fix = fix_by_writing(fields, is_own=is_own)
        if site.value.get(name) == written.get(name) and not is_own:
            message = f"{fields} is missing beside `{shortened(found)}`: {reasons}"
            return diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=reasons)
        if site.value.get(name) == written.get(name):
            message = f"`{shortened(found)}` is a condition of this engine alone: {reasons}"
            return diagnose("repaired", message, at.location(), fix=fix, edits=edits)
        if name not in written and not added:
            message = f"`{name}: {shortened(found)}` is left out: {reasons}"
            return diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=reasons)
        found, new = _with_fields((name, found), (*added, name)[0], new)
    message = f"{read_as(found, new)}: {reasons}"
    return diagnose("repaired", message, at.location(), fix=fix, edits=edits, kind=reasons)


def _with_fields(found: tuple[str, str], field: str, new: str) -> tuple[str, str]:
    """Return two values, with the names of their fields where these alone differ."""
    name, value = found
    return (value, new) if value != new else (f"{name}: {value}", f"{field}: {new}")


def _giving_output(text: str) -> str:
    """Say how to give what has no outputs one, for the expression of all of them."""
    kind, name = text.removeprefix("$").removesuffix(".outputs").split(".", 1)
    if kind == "steps":
        return f"give step `{name}` an output, as `body: $response.body`, and write `{text}.body`"
    return f"give workflow `{name}` an output, and write `{text}.<name>`"


# objects first, as deep as one can be found in another: the others look for their places in what those write
_FINDERS: Final = (
    *(_shapes, _shapes, _shapes, _shapes, _shapes),
    *(_sent, _shapes, _schemas, _requirements, _continuing),
    *(_output_names, _undeclared_inputs, _unnamed_actions, _changes),
)


class _Difference(Struct, frozen=True):
    """What differs between two texts, piece by piece: as it was, and as it is written.

    ``span`` is where the first piece stands, of texts of several lines.
    """

    pieces: tuple[tuple[str, str], ...]
    span: Span | None = None

    @property
    def message(self) -> str:
        """What is read as what: the first piece, and how many more there are."""
        found, new = self.pieces[0]
        more = len(self.pieces) - 1
        alike = f", and {more} more {'lines' if more > 1 else 'line'} as well" if more else ""
        return f"{read_as(found, new)}{alike}"

    @property
    def fix(self) -> str:
        """What to write, whole."""
        *most, last = (f"`{new}`" for _, new in self.pieces)
        return fix_by_writing(f"{', '.join(most)}{' and ' if most else ''}{last}")


def _difference(found: str, written: str) -> _Difference:
    """Return what differs between two texts: of texts of several lines, the lines that do."""
    before, after = found.splitlines(keepends=True), written.splitlines(keepends=True)
    if len(before) != len(after):
        return _Difference(((found, written),))
    starts = accumulate(map(len, before), initial=0)
    different = [each for each in zip(starts, before, after, strict=False) if each[1] != each[2]]
    pieces = tuple((one.strip(), other.strip()) for _, one, other in different)
    if any(one == other for one, other in pieces):
        return _Difference(((found, written),))  # the space around them alone
    line, first, _ = different[0]
    start = line + len(first) - len(first.lstrip())
    return _Difference(pieces, (start, start + len(first.strip())) if len(before) > 1 else None)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{shortened(each)}`" for each in names)


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else json_text(value)


def _in_yaml(value: JsonValue) -> str:
    """Return a value as it can be written into YAML: in quotes where it would be something else without."""
    return write_scalar(value) if isinstance(value, str) else json_text(value)


def _of_one_line(name: str, criterion: Mapping[str, JsonValue]) -> JsonValue:
    """Return a field of a criterion as it is written in a line: space between the parts of a condition says nothing."""
    text = criterion[name]
    if name != "condition" or not isinstance(text, str) or criterion.get("type", "simple") != "simple":
        return text
    return _SPACE.sub(lambda found: found["quoted"] or " ", text).strip()


def _fields(found: Mapping[str, JsonValue], written: Mapping[str, JsonValue]) -> str:
    """Say which fields of a criterion are written anew, and which go."""
    new = [f"`{name}: {_in_yaml(_of_one_line(name, written))}`" for name in written if found.get(name) != written[name]]
    gone = [f"without `{name}`" for name in found if name not in written]
    return ", ".join([*new, *gone]) if new else f"the criterion {', '.join(gone)}"


def _with(value: JsonValue, changes: Sequence[tuple[Pointer, JsonValue]]) -> JsonValue:
    """Return a value with some places of it written anew; everything else is shared."""
    within: dict[str, list[tuple[Pointer, JsonValue]]] = {}
    for pointer, written in changes:
        if not pointer:
            # what is within it, and is changed too, comes behind it
            value = written
        else:
            within.setdefault(pointer[0], []).append((pointer[1:], written))
    if not within:
        return value
    copy = value.copy()
    for token, inner in within.items():
        if isinstance(value, list):
            copy[int(token)] = _with(value[int(token)], inner)
        else:
            copy[token] = _with(value.get(token), inner)
    return copy
