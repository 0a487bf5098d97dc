"""What a run is told besides its document and inputs: servers, credentials, limits. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from arazzo_engine.apis.security import NO_CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.security import Credentials


@dataclass(frozen=True, slots=True)
class Limits:
    """The guards of a run: a loop ends, workflows that call each other end, and no wait is endless.

    ``steps`` counts attempts of steps, ``nesting`` workflows that called each other, ``wait`` is in seconds.
    """

    steps: int = 1000
    nesting: int = 16
    wait: float = 300.0


@dataclass(frozen=True, slots=True)
class Settings:
    """``servers`` overrides the servers of a source description by its name, ``""`` those of all.

    ``step_timeout`` is in seconds and holds for steps that set none; ``None`` leaves it to the transport.
    """

    servers: Mapping[str, str] = field(default_factory=dict)
    server_variables: Mapping[str, str] = field(default_factory=dict)
    credentials: Credentials = NO_CREDENTIALS
    limits: Limits = Limits()
    step_timeout: float | None = None

    def server_for(self, source: str) -> str | None:
        """Return the server that the user named for a source description, or ``None``."""
        return self.servers.get(source, self.servers.get(""))
