"""What was made by requests before: created, changed and deleted, so that it can be read and listed.

Decides it by places: POST on a collection makes a thing there. Of a thing only what clients said of it is kept,
with its id; the rest of an answer is simulated each time. The oldest are forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.mocking.pages import page_of
from arazzo_engine.mocking.patches import patched
from arazzo_engine.mocking.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.documents.values import Value

_MOST: Final = 10_000
_IDS: Final = ("id", "uuid", "_id", "key", "slug", "name")


class Refused(Struct, frozen=True):
    """Why there is no answer: the status, and in words."""

    status: int
    why: str


class Wanted(Struct, frozen=True):
    """What a request is about: its method, place, body with its type, and query, which may say which page of a list.

    ``fixed`` are members that only the server gives, whatever a client says; with ``is_given`` the answer is somebody's
    own, whose ids hold.
    """

    method: str
    place: Place
    sent: Value
    query: Mapping[str, list[str]] = {}
    media_type: str = ""
    fixed: frozenset[str] = frozenset()
    is_given: bool = False


class Collection(Struct):
    """The things at one place, by their names; ``is_used`` when something was ever made there.

    A thing is named by its member ``named``; ``shape`` are the members that it had when it was made.
    """

    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_used: bool = False
    made: int = 0
    named: str = ""
    shape: frozenset[str] = frozenset()

    def keep(self, thing: dict[str, Any]) -> None:
        """Remember a thing, and forget the oldest when there are too many."""
        self.things[str(thing[self.named])] = thing
        if len(self.things) > _MOST:
            del self.things[next(iter(self.things))]

    def change(self, asked: Wanted, body: Value) -> dict[str, Any]:
        """Return a thing as a request leaves it; raises ``ValueError`` for what cannot be done to it."""
        name = str(asked.place.name)
        thing = self.things[name]
        match asked.method:
            case "DELETE":
                del self.things[name]
                return thing
            case "PUT":
                new = dict(_said(asked, body))
            case "PATCH":
                new = _patched(thing, asked, body)
            case _:
                return thing
        self.things[name] = {**new, self.named: thing[self.named]}
        return self.things[name]


class Resources(Struct):
    """Everything that was made, by the path of its collection."""

    collections: dict[str, Collection] = field(default_factory=dict)

    def answer(self, asked: Wanted, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        """Return a simulated body with what is known of the thing that a request is about, or ``Refused``."""
        place = asked.place
        if place.name is None:
            return self._of_many(asked, body)
        collection = self.collections.get(place.path)
        if collection is None or not collection.is_used:
            return body if place.action is None else self._acted(asked, body)
        if place.name not in collection.things:
            return Refused(404, f"there is no `{place.name}` any more, or there never was")
        if place.action is not None:
            is_of_it = isinstance(body, dict) and frozenset(_held(body, None)[1]) == collection.shape
            thing = collection.things[place.name]
            return _with(body, {collection.named: thing[collection.named]}) if is_of_it else self._acted(asked, body)
        try:
            return _with(body, collection.change(asked, body))
        except ValueError as error:
            return Refused(422, f"the body cannot be applied: {error}")

    def _of_many(self, asked: Wanted, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        if asked.method == "POST" and isinstance(body, dict):
            return self._make(asked, body)
        collection = self.collections.get(asked.place.path)
        if asked.method == "GET" and collection is not None and collection.is_used:
            return page_of(collection.things.values(), asked.query).listed(body)
        return body

    def _acted(self, asked: Wanted, body: Value) -> Any:  # noqa: ANN401 - a JSON value
        """Return what an action has made, which nothing reads: it has an id of its own."""
        path = f"{asked.place.path}/{asked.place.name}/{asked.place.action}"
        if asked.method != "POST" or not isinstance(body, dict):
            return body
        return self._make(replace(asked, place=Place(path)), body)

    def _make(self, asked: Wanted, body: dict[str, Any]) -> dict[str, Any]:
        member, shown = _held(body, asked.place.named)
        name = _id_of(shown, asked.place.named)
        if name is None:
            return body
        said = _said(asked, body)
        collection = self.collections.setdefault(asked.place.path, Collection())
        collection.is_used, collection.named, collection.shape = True, name, frozenset(shown)
        collection.made += 1
        new = shown[name] if asked.is_given else _given(said, name, shown[name], asked.fixed)
        new = _new_id(shown[name], asked.place.path, collection.made) if new is None else new
        thing = {**{key: value for key, value in said.items() if key in shown}, name: new}
        collection.keep(thing)
        return {**body, **thing} if member is None else {**body, member: {**shown, **thing}}


def name_of(body: Value, place: Place) -> str | None:
    """Return the id of the thing in a body, if it has one."""
    if not isinstance(body, dict):
        return None
    shown = _held(body, place.named)[1]
    name = _id_of(shown, place.named)
    return None if name is None else str(shown[name])


def _held(body: dict[str, Any], named: str | None) -> tuple[str | None, dict[str, Any]]:
    """Return the member of a body that is the thing itself, none where the body is; and that thing."""
    if _id_of(body, named) is not None:
        return None, body
    inner = [(name, value) for name, value in body.items() if isinstance(value, dict)]
    found = [(name, value) for name, value in inner if _id_of(value, named) is not None]
    return found[0] if len(found) == 1 else (None, body)


def _said(asked: Wanted, body: Value) -> Mapping[str, Any]:
    """Return what a client says of a thing: its body, or the member of it that is the thing in an answer, too."""
    sent = as_mapping(asked.sent)
    member = _held(body, asked.place.named)[0] if isinstance(body, dict) else None
    return as_mapping(sent[member]) if member is not None and isinstance(sent.get(member), dict) else sent


def _id_of(body: Mapping[str, Any], named: str | None) -> str | None:
    """Return the member that is the id of a thing: the one that paths name it by, else one of the usual."""
    names = (*([] if named is None else [named]), *_IDS)
    return next((each for each in names if type(body.get(each)) in {str, int}), None)


def _given(said: Mapping[str, Any], name: str, sample: str | int, fixed: frozenset[str]) -> str | int | None:
    """Return the id that a client gave, of the type that ids have."""
    given = said.get(name)
    is_one = type(given) is type(sample) and given not in {"", 0} and name not in fixed
    return given if is_one else None


def _patched(thing: dict[str, Any], asked: Wanted, body: Value) -> dict[str, Any]:
    """Return what is known of a thing after a patch; a member that it took away is ``ABSENT``."""
    known = {name: value for name, value in thing.items() if value is not ABSENT}
    shown = _with(body, thing)
    whole = {**(_held(shown, asked.place.named)[1] if isinstance(shown, dict) else {}), **known}
    new = patched(whole, _said(asked, body) or asked.sent, asked.media_type)
    changed = {name: value for name, value in new.items() if name in known or value != whole.get(name)}
    taken = (thing.keys() | whole.keys()) - new.keys()
    return {**changed, **dict.fromkeys(taken, ABSENT)}


def _new_id(sample: str | int, path: str, number: int) -> str | int:
    if isinstance(sample, int):
        return number
    if len(sample) == 36 and sample.count("-") == 4:  # noqa: PLR2004 - a UUID
        return f"00000000-0000-4000-8000-{number:012}"
    stem = path.rstrip("/").rpartition("/")[2].removesuffix("s") or "thing"
    return f"{stem}-{number}"


def _with(body: Value, thing: dict[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    """Return a body with what is known of a thing, in the body itself or in the member that holds it."""
    if not isinstance(body, dict):
        return body
    if any(name in body for name in thing):
        known = {name: value for name, value in thing.items() if name in body or name in _IDS}
        return {name: value for name, value in {**body, **known}.items() if value is not ABSENT}
    held = next((name for name, value in body.items() if isinstance(value, dict) and thing.keys() & value.keys()), None)
    return body if held is None else {**body, held: _with(body[held], thing)}
