"""How requests travel: certificates, proxies, redirects and limits, as the user asked for them. Values only.

Decides what these options mean and refuses what cannot be used before anything is sent. The transport does the rest.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.uris import WEB, origin_of
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_CEILING: Final = 10_000_000
_SEPARATORS: Final = lazy_pattern(r"[,\s]+")
# of NO_PROXY: a name, an address or a range, and a port; an address of IPv6 with a port stands in brackets
_ENTRY: Final = lazy_pattern(r"(\[[^\]]*\](?:/[0-9]+)?|[^:]*)(?::([0-9]{1,5}))?")


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
    from urllib.request import getproxies_environment  # noqa: PLC0415 - rarely needed

    # what has no origin is refused before it leaves
    scheme, host, port = origin_of(url) or ("", "", None)
    proxies = getproxies_environment()
    found = proxies.get(scheme, proxies.get("all"))
    if not host or found is None or goes_without(host, port, proxies.get("no", "")):
        return None
    found = found if "://" in found else f"http://{found}"
    check_proxy(found, f"{scheme.upper()}_PROXY")
    return found


def goes_without(host: str, port: int | None, listed: str) -> bool:
    """Whether a host is in the list of ``NO_PROXY``, which is read as widely as curl, Go and wget read it.

    No name is looked up: a range covers what is asked for by its address.

    >>> [goes_without("127.0.0.1", 80, each) for each in ("127.0.0.0/8", "localhost,[::1]", "127.0.0.1:8080", "*")]
    [True, False, False, True]
    """
    host = host.strip("[]").rstrip(".").lower()
    return any(wanted in {None, port} and _covers(name, host) for name, wanted in _entries(listed))


def _entries(listed: str) -> Iterator[tuple[str, int | None]]:
    for entry in filter(None, _SEPARATORS.split(listed.lower())):
        match = _ENTRY.fullmatch(entry)
        # what has several colons and no brackets is an address of IPv6 alone
        name, port = (entry, None) if match is None else match.groups()
        yield name.replace("[", "").replace("]", ""), None if port is None else int(port)


def _covers(entry: str, host: str) -> bool:
    address = _address(host)
    if address is not None and _has(entry, address):
        return True
    name = entry.removeprefix("*").strip(".")
    return entry == "*" or (bool(name) and (host == name or host.endswith(f".{name}")))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _has(entry: str, address: IPv4Address | IPv6Address) -> bool:
    try:
        return address in ip_network(entry, strict=False)
    except ValueError:
        return False


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
