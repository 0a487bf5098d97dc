"""The host of a server, as HTTP names it: a name in ASCII, or an address.

Decides which hosts can be asked at all, and what a ``Host`` header says. Ports and schemes belong to URLs.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import quote

from arazzo_engine.patterns import lazy_pattern

_IPV4: Final = lazy_pattern(r"[0-9]+(?:\.[0-9]+){3}")
_IPV6: Final = lazy_pattern(r"\[(.*)\]")
# what stands in a name of a host as it is: the characters of RFC 3986, section 3.2.2, and those that browsers leave
_OF_A_NAME: Final = "!$&'()*+,;=\"`{}%|\\"


def encode_host(host: str) -> str:
    """Return a host as it is connected to, an address of IPv6 without its brackets; raises ``ValueError`` with why not.

    >>> encode_host("Bücher.example"), encode_host("[::1]")
    ('xn--bcher-kva.example', '::1')
    """
    bracketed = _IPV6.fullmatch(host)
    try:
        if bracketed is not None:
            ipaddress.IPv6Address(bracketed[1])
            return bracketed[1]
        if _IPV4.fullmatch(host):
            ipaddress.IPv4Address(host)
    except ipaddress.AddressValueError as error:
        raise ValueError(f"invalid {'IPv4' if bracketed is None else 'IPv6'} address") from error
    return quote(host.lower(), safe=_OF_A_NAME) if host.isascii() else _encode_name(host)


def host_name(encoded: str, port: int | None) -> str:
    """Return what a ``Host`` header says; the port is ``None`` where it is the usual one."""
    name = f"[{encoded}]" if ":" in encoded else encoded
    return name if port is None else f"{name}:{port}"


def _encode_name(host: str) -> str:
    import idna  # noqa: PLC0415 - few hosts are named in other letters

    try:
        return idna.encode(host.lower()).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError("invalid IDNA hostname") from error
