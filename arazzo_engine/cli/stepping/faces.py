"""Who looks at a session: the prompt of a terminal, unless another face was put in its place.

Decides nothing; it is the door between runs that are stepped through and whoever is asked about them.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.debugging.session import Session, Stop


class Left(Enum):
    """Why a face was left: to go on beyond what is known, or to end."""

    BEYOND = 1
    QUIT = 2


class Face(Protocol):
    """Somebody who is asked what to do where a run stands still."""

    def stand(self, stop: Stop) -> Left:
        """Return when the run may go on, or is to end."""
        ...

    def wants_in(self) -> bool:
        """Whether the run is to stand still at this moment, though nothing asks for that."""
        ...


class Faces(Protocol):
    """Makes the face of a session."""

    def __call__(self, session: Session, *, is_live: bool, is_replay: bool = False) -> Face:
        """Return a face; a run that ``is_live`` is really made, a replay has a recording to differ from."""
        ...


_CHOSEN: Final[ContextVar[Faces | None]] = ContextVar("what looks at sessions", default=None)


@contextmanager
def looked_at_by(faces: Faces) -> Iterator[None]:
    """Let another face than the prompt look at the sessions inside."""
    token = _CHOSEN.set(faces)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def chosen_faces() -> Faces | None:
    """Return what makes faces here, ``None`` for the prompt."""
    return _CHOSEN.get()
