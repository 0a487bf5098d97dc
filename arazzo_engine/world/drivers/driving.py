"""Drivers: they answer the effects of a run until it returns, one after the other, in the caller's thread or loop.

A driver decides nothing about the run. What answers are is decided by the world it is given: live, simulated or
replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, assert_never

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.machine.effects import Draw, Emit, Send, Wait

if TYPE_CHECKING:
    from arazzo_engine.machine.answers import Answer
    from arazzo_engine.machine.effects import Effect, Interaction, Reply
    from arazzo_engine.machine.events import Event

_T = TypeVar("_T")


class World(Protocol):
    """What answers effects. Any of its methods may raise ``ArazzoError`` to stop the run."""

    def send(self, effect: Send) -> Answer:
        """Send a request; a network failure is an answer."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def emit(self, event: Event) -> float:
        """Tell the observers, and return the time, in seconds since the epoch."""
        ...

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        ...


class AsyncWorld(Protocol):
    """The same for an event loop; telling observers never waits."""

    async def send(self, effect: Send) -> Answer:
        """Send a request; a network failure is an answer."""
        ...

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def emit(self, event: Event) -> float:
        """Tell the observers, and return the time, in seconds since the epoch."""
        ...

    def draw(self) -> str:
        """Return a text that nobody can guess."""
        ...


def drive(interaction: Interaction[_T], world: World) -> _T:
    """Answer every effect of the interaction from the world, and return what it returns."""
    try:
        effect = next(interaction)
        while True:
            try:
                reply = _answer(effect, world)
            except ArazzoError as stopped:
                effect = interaction.throw(stopped)
            else:
                effect = interaction.send(reply)
    except StopIteration as finished:
        result: _T = finished.value
        return result


async def drive_async(interaction: Interaction[_T], world: AsyncWorld) -> _T:
    """Answer every effect of the interaction from the world, without blocking the event loop."""
    try:
        effect = next(interaction)
        while True:
            try:
                reply = await _answer_async(effect, world)
            except ArazzoError as stopped:
                effect = interaction.throw(stopped)
            else:
                effect = interaction.send(reply)
    except StopIteration as finished:
        result: _T = finished.value
        return result


def _answer(effect: Effect, world: World) -> Reply:
    match effect:
        case Send():
            return world.send(effect)
        case Wait(seconds=seconds):
            world.wait(seconds)
            return None
        case Emit(event=event):
            return world.emit(event)
        case Draw():
            return world.draw()
        case _:
            assert_never(effect)


async def _answer_async(effect: Effect, world: AsyncWorld) -> Reply:
    match effect:
        case Send():
            return await world.send(effect)
        case Wait(seconds=seconds):
            await world.wait(seconds)
            return None
        case Emit(event=event):
            return world.emit(event)
        case Draw():
            return world.draw()
        case _:
            assert_never(effect)
