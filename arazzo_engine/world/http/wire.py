"""How requests travel: certificates, proxies, redirects and limits, as the user asked for them. Values only.

Decides what these options mean and refuses what cannot be used before anything is sent. The transport does the rest.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.uris import WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_CEILING: Final = 10_000_000


class Wire(Struct, frozen=True):
    """The way to the servers.

    ``ca_bundle``, ``certificate`` and ``key`` are paths of PEM files; ``proxy`` is a URL, ``None`` leaves it to the
    environment. ``ceiling`` bounds a response, in bytes once unpacked. ``connect_retries`` counts further attempts to
    open a connection; a request that has been sent is never sent again.
    """

    ca_bundle: str | None = None
    certificate: str | None = None
    key: str | None = None
    insecure: bool = False
    proxy: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    http2: bool = False
    follow_redirects: bool = False
    connect_retries: int = 0
    ceiling: int = DEFAULT_CEILING

    @property
    def has_own_trust(self) -> bool:
        """Whether the user says whom to trust or who is asking."""
        return self.insecure or self.ca_bundle is not None or self.certificate is not None


def wire_warnings(wire: Wire) -> tuple[Diagnostic, ...]:
    """Return what must be said on every run with these options."""
    if not wire.insecure:
        return ()
    message = "certificates are not verified: anyone on the way can read and change what is sent"
    return (diagnose("tls-unverified", message, fix="trust the server's authority with `--ca-bundle FILE` instead"),)


def proxy_for(url: str, wire: Wire) -> str | None:
    """Return the proxy that a request to this URL goes through: the user's, or the environment's; ``None`` for none.

    Raises ``ArazzoError`` (``option-invalid``) when the environment names one that cannot be used.
    """
    if wire.proxy is not None:
        return wire.proxy
    from urllib.request import (  # type: ignore[attr-defined]  # its stubs leave them out  # noqa: PLC0415 - rarely needed
        getproxies_environment,
        proxy_bypass_environment,
    )

    parts = urlsplit(url)
    proxies = getproxies_environment()
    found = proxies.get(parts.scheme.lower(), proxies.get("all"))
    if found is None or proxy_bypass_environment(parts.netloc.rpartition("@")[2], proxies):
        return None
    found = found if "://" in found else f"http://{found}"
    check_proxy(found, f"{parts.scheme.upper()}_PROXY")
    return found


def environment_names_proxies() -> bool:
    """Whether the environment has anything to say about proxies."""
    return any(name.lower().endswith("_proxy") for name in os.environ)


def proxy_secrets(wire: Wire) -> tuple[str, ...]:
    """Return the texts of proxy URLs that must never be shown."""
    from_environment = (value for name, value in os.environ.items() if name.lower().endswith("_proxy"))
    return tuple(_passwords([wire.proxy or "", *from_environment]))


def _passwords(urls: list[str]) -> Iterator[str]:
    for url in urls:
        password = url.rpartition("@")[0].rpartition(":")[2]
        if password:
            yield password


def check_proxy(proxy: str, origin: str) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a proxy that cannot be used; ``origin`` is who named it."""
    parts = urlsplit(proxy)
    if parts.scheme not in WEB or not parts.hostname:
        # the URL itself may hold a password
        message = f"`{origin}` names no http or https proxy"
        raise ArazzoError(diagnose("option-invalid", message, fix="write `http://host:port`"))
