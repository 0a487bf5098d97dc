"""How the user reaches the APIs: servers named instead of those of the descriptions, and credentials. Values only."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import field

from arazzo_engine.apis.security.credentials import NO_CREDENTIALS, Credentials
from arazzo_engine.typed import Typed


class Access(Typed, frozen=True):
    """``servers`` overrides the servers of a source description by its name, ``""`` those of all.

    ``server_variables`` gives the variables of server URLs their values, by name or by ``source.name``.
    ``allowed_hosts`` narrows where requests may go, when there is one. ``has_client_certificate`` says that connections
    prove who is asking, as ``mutualTLS`` needs; ``signed`` are the schemes, by name or by ``source.name``, of which
    functions of the user's make the proof.
    """

    servers: Mapping[str, str] = field(default_factory=dict)
    server_variables: Mapping[str, str] = field(default_factory=dict)
    credentials: Credentials = NO_CREDENTIALS
    allowed_hosts: tuple[str, ...] = ()
    has_client_certificate: bool = False
    signed: frozenset[str] = frozenset()

    def _shown(self) -> str:
        named = {
            "servers": self.servers,
            "server_variables": self.server_variables,
            "credentials": self.credentials.names,
            "allowed_hosts": self.allowed_hosts,
            "signed": sorted(self.signed),
        }
        shown = [f"{name}: {' '.join(each or '*' for each in names)}" for name, names in named.items() if names]
        return ", ".join([*shown, *(["client certificate"] if self.has_client_certificate else [])])

    def variables_for(self, source: str) -> Mapping[str, str]:
        """Return the values that the user gave for the variables of a source description's servers, by name."""
        own = f"{source}."
        named = {name.removeprefix(own): each for name, each in self.server_variables.items() if name.startswith(own)}
        return {**self.server_variables, **named}

    def is_signed(self, source: str, scheme: str) -> bool:
        """Whether a function of the user's makes the proof for a scheme of a source description."""
        return bool(self.signed & {scheme, f"{source}.{scheme}"})

    def server_for(self, source: str) -> str | None:
        """Return the server that the user named for a source description, or ``None``."""
        return self.servers.get(source, self.servers.get(""))
