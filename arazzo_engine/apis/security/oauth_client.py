"""What a user gives so that tokens can be got: an OAuth client, and the person it acts for. A value only.

Decides which parts of it are secret. What is asked with it is decided by ``grants``.
"""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import quote_plus

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.typed import Typed

_UNSENDABLE: Final = lazy_pattern("[\x00-\x1f\x7f\ud800-\udfff]")
_SECRETS: Final = ("client_secret", "password", "refresh_token")
# "client_secret_basic" and "client_secret_post" are the names of RFC 8414, and of the providers' pages
AUTHENTICATIONS: Final = {
    "": "basic",
    "basic": "basic",
    "client_secret_basic": "basic",
    "post": "post",
    "client_secret_post": "post",
}


class OAuthClient(Typed, frozen=True):
    """What a token is got with; the fields have the names of RFC 6749, or say what the description does not.

    ``flow`` chooses among the flows, ``client_authentication`` is ``basic`` or ``post``. Without ``scopes``, a token
    has those that the operation needs. ``parameters`` are pairs that requests for tokens have besides those of their
    grant: ``(("audience", "https://api.example"),)``. ``issuer`` is the name of the server whose logins are believed.
    """

    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""
    refresh_token: str = ""
    token_url: str = ""
    authorization_url: str = ""
    device_authorization_url: str = ""
    scopes: tuple[str, ...] = ()
    flow: str = ""
    client_authentication: str = ""
    issuer: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def _shown(self) -> str:
        return f"client_id={self.client_id!r}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given: then a token is all there is."""
        return self == NO_CLIENT

    @property
    def unsendable(self) -> tuple[str, ...]:
        """The fields with characters that no form can carry: control characters, and bytes that are no text."""
        texts = {name: getattr(self, name) for name in CLIENT_FIELDS if name not in {"scopes", "parameters"}}
        texts |= {"scopes": "".join(self.scopes), "parameters": "".join(map("".join, self.parameters))}
        return tuple(name for name, text in texts.items() if _UNSENDABLE.search(text))

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown."""
        values = [getattr(self, name) for name in _SECRETS]
        values += [value for name, value in self.parameters if is_secret_member(name)]
        encoded = (quote_plus(each, errors="replace") for each in values)
        return tuple(filter(None, (*values, *encoded, basic_credentials(self))))


NO_CLIENT: Final = OAuthClient()
CLIENT_FIELDS: Final = OAuthClient.__struct_fields__


def basic_credentials(client: OAuthClient) -> str:
    """Return how a client says who it is in a header; ``""`` for a client without a secret."""
    # RFC 6749, section 2.3.1: "The client identifier is encoded using the "application/x-www-form-urlencoded" encoding
    # algorithm [...] and the encoded value is used as the username; the client password is encoded using the same
    # algorithm and used as the password."
    pair = f"{quote_plus(client.client_id, errors='replace')}:{quote_plus(client.client_secret, errors='replace')}"
    return base64.b64encode(pair.encode("ascii")).decode("ascii") if client.client_secret else ""
