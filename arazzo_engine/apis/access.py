"""How the user reaches the APIs: servers named instead of those of the descriptions, and credentials. Values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from arazzo_engine.apis.security import NO_CREDENTIALS, Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping


class Access(Struct, frozen=True):
    """``servers`` overrides the servers of a source description by its name, ``""`` those of all.

    ``server_variables`` gives the variables of server URLs their values, by name. ``allowed_hosts`` narrows where
    requests may go, when there is one.
    """

    servers: Mapping[str, str] = field(default_factory=dict)
    server_variables: Mapping[str, str] = field(default_factory=dict)
    credentials: Credentials = NO_CREDENTIALS
    allowed_hosts: tuple[str, ...] = ()

    def server_for(self, source: str) -> str | None:
        """Return the server that the user named for a source description, or ``None``."""
        return self.servers.get(source, self.servers.get(""))
