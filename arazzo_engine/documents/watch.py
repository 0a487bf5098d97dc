"""Whether work may go on: asked wherever it can take long, answered by whoever set a time for it.

Decides nothing about time: the stages that ask have no clock, and while nobody watches they always may. What is raised
amid an evaluation must not be taken for a mistake of what is evaluated, so ``TimeUp`` is no ``ArazzoError``.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TimeUp(Exception):  # noqa: N818 - a state of the work
    """What was being done is given up; ``reason`` says why, and is raised in its place where the work began."""

    def __init__(self, reason: ArazzoError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _may_always() -> None:
    """Let everything go on."""


_ASKED: Final[ContextVar[Callable[[], object]]] = ContextVar("who says whether work may go on", default=_may_always)


@contextmanager
def watched_by(ask: Callable[[], object]) -> Iterator[None]:
    """Ask now and then while everything inside works; what is raised, an ``ArazzoError``, ends all of it."""
    token = _ASKED.set(ask)
    try:
        yield
    except TimeUp as over:
        raise over.reason from None
    finally:
        _ASKED.reset(token)


def go_on() -> None:
    """Ask whether there is time left; raises ``TimeUp`` when there is none."""
    try:
        _ASKED.get()()
    except ArazzoError as error:
        raise TimeUp(error) from None
