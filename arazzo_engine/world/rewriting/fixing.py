"""Writing into a document what its findings say: the repairs it is read with, and what else is only to be written.

Decides which edits of which findings are made, and in which order: what was written is checked again, as one repair
may let another be seen. Files are not touched: what comes of it is a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.editing import edit_text
from arazzo_engine.documents.json.commas import without_commas
from arazzo_engine.documents.pointers import is_within, resolve_pointer
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.edits import Applicability
from arazzo_engine.world.rewriting.rewriting import Rewriting, remark_on, repair_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.editing.editing import Edited

# a repair that lets another be seen: the table itself needs one round
_MOST_ROUNDS: Final = 4
# what is right in form and never holds is for a person to write
_IN_VAIN: Final = frozenset({"status-impossible"})


class _Round(Struct, frozen=True):
    """What one check of a text led to."""

    document: Document
    made: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def fix_document(
    document: Document, find: Callable[[Document], Iterable[Diagnostic]], wanted: frozenset[Applicability]
) -> Rewriting:
    """Return a document with what its findings would have written in it; ``find`` checks a document.

    Raises ``ArazzoError`` when it cannot be read.
    """
    done = _round(without := _without_commas(document), tuple(find(without)), wanted)
    made = [*document.flaws, *done.made]
    for _ in range(_MOST_ROUNDS):
        if not done.made:
            break
        done = _round(done.document, tuple(find(done.document)), wanted)
        made += done.made
    offered = tuple(each for each in done.left if _is_offered(each, document))
    return Rewriting(
        document,
        done.document.text,
        tuple(map(repair_of, made)),
        refused=tuple(map(repair_of, done.refused)),
        offered=tuple(map(repair_of, offered)),
        for_a_person=tuple(remark_on(each) for each in done.left if each not in offered),
    )


def _without_commas(document: Document) -> Document:
    """Return a document of JSON without the commas that it is read over: its only flaws that are no errors."""
    if not document.flaws:
        return document
    return read_document(without_commas(document.text), document.uri, document.name)


def _round(document: Document, findings: Sequence[Diagnostic], wanted: frozenset[Applicability]) -> _Round:
    vain = {each.location.pointer for each in findings if each.location is not None and each.code in _IN_VAIN}
    writable = tuple(
        each
        for each in findings
        if _edits_in(each, document, wanted) and (each.location is None or each.location.pointer not in vain)
    )
    left = tuple(each for each in findings if each not in writable)
    asked = tuple(each for each in writable if not _waits(each, writable, document))
    edited, refused = _whole(document, asked)
    if edited.text == document.text:
        return _Round(document, (), refused, left)
    made = tuple(each for each in asked if each not in refused)
    return _Round(read_document(edited.text, document.uri, document.name), made, refused, left)


def _whole(document: Document, asked: Sequence[Diagnostic]) -> tuple[Edited, tuple[Diagnostic, ...]]:
    """Return the text in which each finding is written with all of its edits or with none, and those with none."""
    refused: tuple[Diagnostic, ...] = ()
    while True:
        made = [each for each in asked if each not in refused]
        edited = edit_text(document, [edit for each in made for edit in each.edits])
        found = tuple(each for each in made if not {*each.edits}.isdisjoint(edited.refused))
        if all({*each.edits} <= {*edited.refused} for each in found):
            return edited, (*refused, *found)
        refused += found


def _waits(finding: Diagnostic, others: Iterable[Diagnostic], document: Document) -> bool:
    """Whether a place of a finding is no longer there when another one is written, so that its turn is after that."""
    places = [edit.pointer for edit in finding.edits if resolve_pointer(document.value, edit.pointer) is not ABSENT]
    above = (edit for other in others if other.edits != finding.edits for edit in other.edits)
    return any(
        is_within(at, edit.pointer)
        and at != edit.pointer
        and resolve_pointer(edit.value, at[len(edit.pointer) :]) is ABSENT
        for edit in above
        for at in places
    )


def _edits_in(finding: Diagnostic, document: Document, wanted: frozenset[Applicability]) -> bool:
    return bool(finding.edits) and all(
        edit.uri == document.uri and edit.applicability in wanted for edit in finding.edits
    )


def _is_offered(finding: Diagnostic, document: Document) -> bool:
    return _edits_in(finding, document, frozenset({Applicability.UNSAFE}))
