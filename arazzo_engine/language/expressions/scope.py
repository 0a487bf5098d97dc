"""What a runtime expression can see at one moment of a run.

A scope is a view: the interpreter owns the mappings and replaces them as steps finish; expressions only look.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from msgspec import field

from arazzo_engine.documents.sizes import MOST_CHARACTERS, Room
from arazzo_engine.typed import Silent

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.exchange import Request, Response

Values: TypeAlias = "Mapping[str, JsonValue]"
NO_VALUES: Final[Mapping[str, JsonValue]] = MappingProxyType({})


class WorkflowValues(Silent, frozen=True):
    """The inputs and outputs of a workflow of this run; ``outputs`` is ``None`` until it has ended."""

    inputs: Values
    outputs: Values | None = None


class SourceFields(Protocol):
    """A source description, as far as an expression can see it: its fixed fields."""

    @property
    def name(self) -> str:
        """Its name in this document."""
        ...

    @property
    def url(self) -> str:
        """Its URL as written."""
        ...

    @property
    def type(self) -> str | None:
        """What it describes, ``None`` when the document leaves it open."""
        ...


class Scope(Silent, frozen=True):
    """The values that expressions name: ``steps`` holds the outputs of the steps that succeeded so far.

    ``fruitful`` are the steps that have succeeded once, also those that have failed since and have no outputs any more.
    ``described`` are the expressions of parts of inputs that their schema describes by name: no others may be left out.
    ``most`` is how many characters a value may take that is made of them.
    """

    inputs: Values = field(default_factory=lambda: NO_VALUES)
    steps: Mapping[str, Values] = field(default_factory=lambda: NO_VALUES)
    workflows: Mapping[str, WorkflowValues] = field(default_factory=lambda: NO_VALUES)
    outputs: Values = field(default_factory=lambda: NO_VALUES)
    sources: Mapping[str, SourceFields] = field(default_factory=lambda: NO_VALUES)
    self_uri: str | None = None
    request: Request | None = None
    response: Response | None = None
    fruitful: Container[str] = frozenset()
    described: Container[str] = frozenset()
    most: int = MOST_CHARACTERS

    def room(self) -> Room:
        """Return the room for one value that is made."""
        return Room(self.most)
