"""What a complaint about a literal says to a person: what is wrong, with what, where, and by whose description.

Decides which complaint is an error. What is complained of has been decided by ``judging``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.diagnostics import Diagnostic, Related, diagnose
from arazzo_engine.validation.literals.places_in_texts import span_in_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.literals.judging import Complaint
    from arazzo_engine.validation.literals.places_in_texts import Span


_OWNER: Final = "operation "
_MOST_LISTED: Final = 4
_WITHOUT_BRACES: Final = "leave out the braces: the value then keeps its type"


def told_together(found: Iterable[tuple[Subject, Complaint]]) -> Iterator[Diagnostic]:
    """Yield each complaint once, also where several operations make it of one value."""
    alike: dict[Hashable, list[tuple[Subject, Complaint]]] = {}
    for subject, complaint in found:
        key = (subject.what, subject.at, replace(complaint, schema_at=subject.at))
        alike.setdefault(key, []).append((subject, complaint))
    for (first, complaint), *others in alike.values():
        owners = list(dict.fromkeys(each.owner for each in (first, *(subject for subject, _ in others))))
        several = replace(first, owner=operations(owners), is_several=True)
        yield (several if len(owners) > 1 else first).told(complaint)


def operations(owners: list[str]) -> str:
    """Return operations as they are listed: the first of many, and how many more there are."""
    *most, last = [each.removeprefix(_OWNER) for each in owners]
    shown = most[:_MOST_LISTED]
    rest = f"{len(most) + 1 - len(shown)} more" if len(shown) < len(most) else last
    return f"operations {', '.join(shown)} and {rest}"


class Subject(Struct, frozen=True):
    """What is judged, where it stands and by whose description.

    ``is_one_text`` when its parts have no places of their own, ``is_strict`` when whatever is refused stops the run.
    ``is_several`` when the owner stands for several operations.
    What is ``put`` into it by replacements stands where they have it.
    """

    what: str
    at: Place
    owner: str
    is_one_text: bool = False
    is_strict: bool = False
    is_several: bool = False
    put: tuple[tuple[Pointer, Place], ...] = ()

    def told(self, complaint: Complaint) -> Diagnostic:
        """Return the diagnostic that says what the schema complains of."""
        named = self.named(complaint.path)
        related = (Related("described here", complaint.schema_at),)
        at = self._location(complaint)
        if not complaint.is_refused:
            message = f"{self.owner} {'do' if self.is_several else 'does'} not describe {named}"
            return diagnose("name-undescribed", message, at, fix=complaint.fix, related=related)
        describes = "describe" if self.is_several else "describes"
        message = f"{named} {complaint.message}, as {self.owner} {describes} it"
        fix = _WITHOUT_BRACES if complaint.of_text and not self.is_one_text else complaint.fix
        found = diagnose("literal-refused", message, at, fix=fix, related=related)
        return found if complaint.is_certain or self.is_strict else found.as_warning()

    def named(self, path: Pointer) -> str:
        """Return what a part is called."""
        return f"`{'/'.join(path)}` of {self.what}" if path else self.what

    def location_of(self, path: Pointer) -> Location:
        """Return where a part stands, the whole where a part has no place of its own."""
        return (self._place(path) or self.at).location()

    def _span(self, complaint: Complaint) -> Span | None:
        """Return which characters of a payload that is one text the complaint is about."""
        text, path = value_at(self.at), (*complaint.path, *filter(None, [complaint.slip]))
        if not isinstance(text, str) or not path:
            return None
        return span_in_text(text, path, of_name=complaint.of_name or bool(complaint.slip))

    def _location(self, complaint: Complaint) -> Location:
        path = (*complaint.path, complaint.slip) if complaint.slip else complaint.path
        place = self._place(path)
        if place is None:
            return self.at.location(self._span(complaint))
        return place.key_location() if complaint.slip or complaint.of_name else place.location()

    def _place(self, path: Pointer) -> Place | None:
        """Return where a part is written, ``None`` where it has no place of its own."""
        for pointer, at in reversed(self.put):
            if path[: len(pointer)] == pointer:
                return at.child(*path[len(pointer) :])
        return None if self.is_one_text else self.at.child(*path)
