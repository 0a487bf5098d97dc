"""What was or would be written into a document: as a value, as the difference of two texts, and told in lines.

Decides how it is told. What is written, and whether it can be, is decided elsewhere; no file is touched here.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import Location  # noqa: TC001 - the types of what is public can be read
from arazzo_engine.documents.document import Document  # noqa: TC001 - the types of what is public can be read
from arazzo_engine.printable import in_line
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.world.rewriting.differences import Difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.diagnostics import Diagnostic

_MOST_LISTED: Final = 10


class Remark(Struct, frozen=True):
    """One thing about a document: what it is, where, and what is written, or should be."""

    message: str
    fix: str = ""
    location: Location | None = None

    def __str__(self) -> str:
        where = "" if self.location is None else f"{self.location}: "
        return in_line(hide_in_urls(f"{where}{self.message}" + (f"; {self.fix}" if self.fix else "")))


class Rewriting(Struct, frozen=True, dict=True):
    """A document and the text that it should have.

    ``changes`` are what differs; ``refused`` could not be written by position, and is not in the text; ``offered`` is
    not certain enough to be written unasked; what else is ``for_a_person`` to do has no edit.
    """

    document: Document
    text: str
    changes: tuple[Remark, ...]
    refused: tuple[Remark, ...] = ()
    offered: tuple[Remark, ...] = ()
    for_a_person: tuple[Remark, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.text != self.document.text

    def diff(self) -> str:
        """Return the unified difference of the two texts, empty when there is none."""
        return self._difference.unified()

    def as_it_stands(self, name: str) -> tuple[Remark, ...]:
        """Return remarks with their places in the document as it is now, in which nothing has been written."""
        return tuple(map(self._placed_before, getattr(self, name)))

    @cached_property
    def _difference(self) -> Difference:
        return Difference(self.document.name, self.document.text, self.text)

    def _placed_before(self, remark: Remark) -> Remark:
        at = remark.location
        if at is None or not self.is_changed or at.uri not in {self.document.name, self.document.uri}:
            return remark
        line, column = self._difference.place_before(at.line, at.column)
        return replace(remark, location=replace(at, line=line, column=column))


def remark_on(finding: Diagnostic) -> Remark:
    """Return the remark that a finding is."""
    return Remark(f"{finding.severity}[{finding.code}]: {finding.message}", finding.fix, finding.location)


def repair_of(finding: Diagnostic) -> Remark:
    """Return the remark on the edit of a finding."""
    return Remark(finding.message, finding.fix, finding.location)


def told(rewritings: Sequence[Rewriting], *, noun: str, is_written: bool) -> str:
    """Return what is said besides the texts: what was not written, what is left to do, and how much of each."""
    lines: list[str] = []
    for heading, name in (("not written", "refused"), ("with --unsafe", "offered"), ("for a person", "for_a_person")):
        found = (getattr(each, name) if is_written else each.as_it_stands(name) for each in rewritings)
        lines += _listed(heading, list(chain.from_iterable(found)))
    return "\n".join([*lines, _counted(rewritings, noun, is_written=is_written)])


def _listed(heading: str, remarks: Sequence[Remark]) -> Iterator[str]:
    yield from (f"{heading}: {remark}" for remark in remarks[:_MOST_LISTED])
    if len(remarks) > _MOST_LISTED:
        yield f"{heading}: and {len(remarks) - _MOST_LISTED} more, which `arazzo validate` tells"


def _counted(rewritings: Sequence[Rewriting], noun: str, *, is_written: bool) -> str:
    counted = {name: sum(len(getattr(each, name)) for each in rewritings) for name in ("changes", "refused", "offered")}
    person = sum(len(each.for_a_person) for each in rewritings)
    made = f"{_number(counted['changes'], noun)} {'written' if is_written else 'to write'}"
    parts = [made if counted["changes"] else "nothing to write"]
    parts += [f"{counted['refused']} not written"] if counted["refused"] else []
    parts += [f"{counted['offered']} more with `--unsafe`"] if counted["offered"] else []
    parts += [f"{_number(person, 'finding')} for a person"] if person else []
    return f"{_number(len(rewritings), 'document')}: {', '.join(parts)}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
