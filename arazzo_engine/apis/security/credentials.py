"""Credentials as they were given, by source description and security scheme.

Decides which texts of one are secret. Where credentials are read from, and what they are good for, is not known here.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from arazzo_engine.apis.security.oauth_client import OAuthClient
from arazzo_engine.typed import Typed

# where a credential comes from that nobody gave: nothing is sent with it
MADE_UP: Final = "rehearsal"
# `KEY:` and `KEY:x`: what stands in place of a password says that the user is the key
_PLACEHOLDER: Final = 3


class Entry(Struct, frozen=True):
    """Where a token is kept beyond a run, and what it is good for: a scheme, with these scopes, at these servers.

    ``identity`` is the same for the same client, or person, at the same OAuth server. Nothing of it is a secret.
    """

    identity: str
    scheme: str
    scopes: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    token_url: str = ""

    @property
    def key(self) -> str:
        """What no two entries have in common."""
        return " ".join((self.identity, *self.servers, *self.scopes))

    def serves(self, other: Entry) -> bool:
        """Whether what is kept here is good for another entry, too."""
        is_same = (self.identity, self.scheme) == (other.identity, other.scheme)
        return is_same and {*self.scopes} >= {*other.scopes} and {*self.servers} >= {*other.servers}


class Granted(Struct, frozen=True):
    """What is known of a token besides its text: when it ends, which scopes it lacks, where it is kept."""

    expires_at: float | None = None
    lacking: tuple[str, ...] = ()
    entry: Entry | None = None


class Credential(Typed, frozen=True):
    """A credential as it was given; ``origin`` says where, ``only_for`` the one source description it was given for.

    A ``client`` gets tokens: the first one, unless that is the ``value``, and each that follows. With one that has
    nothing, the value is a token, whatever it looks like. What a login or a token store has ``granted`` has no origin.
    """

    value: str = ""
    origin: str = ""
    client: OAuthClient | None = None
    only_for: str = ""
    granted: Granted = Granted()

    def _shown(self) -> str:
        return f"origin={self.origin!r}"

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown: it, what `basic` makes of it, its password, its client's."""
        client = self.client or client_in(self.value)
        pair = "" if client is None else f"{client.username}:{client.password}"
        own = (text for each in (self.value, pair) for text in _secrets_of_pair(each))
        return tuple(filter(None, (*own, *(() if client is None else client.secrets()))))


def _secrets_of_pair(value: str) -> Iterator[str]:
    """Yield what is secret of a text that may be a user and a password: an API often takes a key for the user."""
    user, separator, password = value.partition(":")
    if user or password:
        yield from (value, encode_basic(value), password)
    if separator and len(password) <= _PLACEHOLDER:
        yield user


class Credentials(Typed, frozen=True):
    """The credentials of a run, by source description and scheme; the source ``""`` stands for any."""

    by_scheme: Mapping[tuple[str, str], Credential] = field(default_factory=dict)

    def _shown(self) -> str:
        return " ".join(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The schemes, each as ``source.scheme``, or by itself when it stands for any source."""
        return tuple(f"{source}.{scheme}" if source else scheme for source, scheme in self.by_scheme)

    def find(self, source: str, scheme: str) -> Credential | None:
        """Return the credential for a scheme of a source."""
        return self.by_scheme.get((source, scheme), self.by_scheme.get(("", scheme)))

    def values(self) -> tuple[str, ...]:
        """Return every text that must never be shown."""
        return tuple(text for credential in self.by_scheme.values() for text in credential.secrets())


NO_CREDENTIALS: Final = Credentials()


def client_in(value: str) -> OAuthClient | None:
    """Return the client that a text gives by its id and secret, ``None`` when the text is a token."""
    # RFC 6750, section 2.1: a token has no colon, so a text with one is a client's id and secret
    client_id, separator, secret = value.partition(":")
    if not separator:
        return None
    return OAuthClient(client_id=client_id, client_secret=secret)


def encode_basic(value: str) -> str:
    """Return a pair as ``Authorization: Basic`` has it."""
    # what is no UTF-8 is refused before it is sent, and still has to be masked
    return base64.b64encode(value.encode("utf-8", errors="replace")).decode("ascii")
