"""Making a document of Arazzo 1.0 one of 1.1 that means the same: its version, and nothing else that changes.

Decides what keeps a document from being upgraded, and what a person should look at: what was an error in 1.0 and says
something in 1.1, and what is found in the upgraded document only. Files are not touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.editing.editing import edit_text
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.language.upgrading import NEWEST, selectors_to_be
from arazzo_engine.world.rewriting.rewriting import Remark, Rewriting, remark_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document, Place

_FORMER: Final = "1.0."


def upgrade_document(document: Document, to: str, find: Callable[[Document], Iterable[Diagnostic]]) -> Rewriting:
    """Return a document as one of version ``to``; ``find`` checks a document.

    Raises ``ArazzoError``: ``option-invalid`` for a version that nothing is upgraded to, and what keeps a document from
    being read.
    """
    _check_target(to)
    if document.flaws:
        raise ArazzoError(*(each.as_error() for each in document.flaws))
    version = read_description(document).description.version
    if not version.startswith(_FORMER):
        return Rewriting(document, document.text, ())
    changed = tuple(map(_changed_meaning, (document.root().child(*at) for at in selectors_to_be(document.value))))
    if changed:
        return Rewriting(document, document.text, (), refused=changed)
    at = document.root().child("arazzo")
    edited = edit_text(document, [at.written(to)])
    remark = Remark(f"`{version}` becomes `{to}`", f"write `arazzo: {to}`", at.location())
    if edited.refused:
        return Rewriting(document, document.text, (), refused=(remark,))
    upgraded = read_document(edited.text, document.uri, document.name)
    person = tuple(_differences(tuple(find(document)), tuple(find(upgraded))))
    return Rewriting(document, edited.text, (remark,), for_a_person=person)


def _check_target(to: str) -> None:
    if to == NEWEST:
        return
    message = f"`--to` is `{to}`, and documents are upgraded to {NEWEST} only"
    if to.startswith(_FORMER):
        message = f"`--to` is `{to}`, and no document is taken back to 1.0: it may have what only 1.1 can say"
    raise ArazzoError(diagnose("option-invalid", message, fix=f"write `--to {NEWEST}`"))


def _changed_meaning(at: Place) -> Remark:
    message = "the object is a value of 1.0, and a Selector Object in 1.1: what it selects would be sent instead"
    return Remark(message, "give it another member, or send it as a text", at.location())


def _differences(before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]) -> Iterator[Remark]:
    """Yield what is wrong in one of two versions only; a text of the same length has the same places."""
    old, new = (frozenset((each.code, each.message, _place(each)) for each in found) for found in (before, after))
    for each in before:
        is_new = each.is_error or each.code == "field-unknown" or "set `arazzo: 1.1.0`" in each.fix
        if is_new and (each.code, each.message, _place(each)) not in new:
            yield Remark(f"what is unknown to 1.0 says something in 1.1: {each.message}", "", each.location)
    yield from (remark_on(each) for each in after if (each.code, each.message, _place(each)) not in old)


def _place(finding: Diagnostic) -> tuple[str, str]:
    return (finding.location.uri, finding.location.pointer) if finding.location is not None else ("", "")
