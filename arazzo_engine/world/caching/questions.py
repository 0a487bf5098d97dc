"""What the loading of documents asks of the disk and of the network: noted, so that it can be asked again.

Decides when two answers are the same. Every question that loading asks has its name here; one that got no answer makes
what comes of it good for once. What is loaded, and what comes of it, is not known here.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from msgspec import Struct, field, msgpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

# the name of a question, and the path or URI that it is about
Question: TypeAlias = tuple[str, str]
_Answer = TypeVar("_Answer")
_QUESTIONS: Final[dict[str, Callable[[str], object]]] = {}


class Notes(Struct):
    """The questions that were asked, each with the digest of its answer; ``for_once`` if not all can be asked again."""

    answers: dict[Question, bytes] = field(default_factory=dict)
    for_once: bool = False


_NOTES: Final[ContextVar[Notes | None]] = ContextVar("who notes what is asked", default=None)


def question(ask: Callable[[Path], _Answer]) -> Callable[[Path], _Answer]:
    """Make a function one that is noted by its name."""
    _QUESTIONS[ask.__name__] = lambda about: ask(Path(about))

    @wraps(ask)
    def asking(path: Path) -> _Answer:
        return asked((ask.__name__, str(path)), lambda: ask(path))

    return asking


def asked(about: Question, ask: Callable[[], _Answer]) -> _Answer:
    """Return the answer to a question, noted; what it asks in turn is not, for its answer says all of that."""
    notes = _NOTES.get()
    if notes is None:
        return ask()
    # what raises gave no answer that could be compared
    before, notes.for_once = notes.for_once, True
    with _noting(None):
        answer = ask()
    notes.for_once = before
    if about not in notes.answers:
        notes.answers[about] = _digest(answer)
    return answer


def noting() -> AbstractContextManager[Notes]:
    """Note what is asked inside; yields the notes."""
    return _noting(Notes())


class Again(Struct, frozen=True):
    """Whether questions have the answers that they had; each is asked once, for whoever asks of several notes.

    ``others`` are questions that are asked of somebody who is not always the same, by their names.
    """

    others: Mapping[str, Callable[[str], object]] = {}
    _known: dict[Question, bytes | None] = field(default_factory=dict)

    def is_so(self, answers: Mapping[Question, bytes]) -> bool:
        """Whether each question has the same answer."""
        return all(self._digest(about) == digest for about, digest in answers.items())

    def _digest(self, about: Question) -> bytes | None:
        if about not in self._known:
            self._known[about] = self._ask(*about)
        return self._known[about]

    def _ask(self, name: str, about: str) -> bytes | None:
        ask = self.others.get(name) or _QUESTIONS.get(name)
        try:
            return None if ask is None else _digest(ask(about))
        except (OSError, ValueError):
            return None  # what raised was never noted


@contextmanager
def _noting(notes: Notes | None) -> Iterator[Any]:
    token = _NOTES.set(notes)
    try:
        yield notes
    finally:
        _NOTES.reset(token)


def _digest(answer: object) -> bytes:
    from hashlib import sha256  # noqa: PLC0415 - loads OpenSSL, which few need

    if isinstance(answer, bytes):
        return sha256(answer).digest()
    # a path need not be a text
    return sha256(type(answer).__name__.encode() + b"\0" + msgpack.encode(answer, enc_hook=os.fsencode)).digest()
