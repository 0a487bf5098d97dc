"""Where a URL leads: httpx reads every one of them as another opinion."""

from __future__ import annotations

import httpx
import pytest

from arazzo_engine.world.http.addresses import Address, read_url


@pytest.mark.parametrize(
    ("url", "address", "target"),
    [
        ("http://api.example.com", Address(b"http", b"api.example.com", None, b"api.example.com"), b"/"),
        ("HTTPS://API.Example.com:443/X", Address(b"https", b"api.example.com", None, b"api.example.com"), b"/X"),
        ("https://a.example:80/", Address(b"https", b"a.example", 80, b"a.example:80"), b"/"),
        ("http://a.example:?q=1", Address(b"http", b"a.example", None, b"a.example"), b"/?q=1"),
        ("http://me:s3cret@a.example:8080/x#y", Address(b"http", b"a.example", 8080, b"a.example:8080"), b"/x"),
        ("http://a@b@a.example/", Address(b"http", b"a.example", None, b"a.example"), b"/"),
        ("http://127.0.0.1:8080/a//../b", Address(b"http", b"127.0.0.1", 8080, b"127.0.0.1:8080"), b"/a//../b"),
        ("http://[::1]/", Address(b"http", b"::1", None, b"[::1]"), b"/"),
        ("http://[2001:DB8::1]:81/", Address(b"http", b"2001:DB8::1", 81, b"[2001:DB8::1]:81"), b"/"),
        ("http://b\xfccher.example/", Address(b"http", b"xn--bcher-kva.example", None, b"xn--bcher-kva.example"), b"/"),
        ("http://a_b.example/", Address(b"http", b"a_b.example", None, b"a_b.example"), b"/"),
        ("http://a%20b/", Address(b"http", b"a%20b", None, b"a%20b"), b"/"),
    ],
)
def test_where_a_url_leads(url: str, address: Address, target: bytes) -> None:
    assert read_url(url) == (address, target)
    # it takes the port for an unusual one when the scheme is in capitals
    other = httpx.URL(url.replace("HTTPS", "https"))
    assert (other.raw_scheme, other.raw_host, other.port, other.netloc) == (
        address.scheme,
        address.host,
        address.port,
        address.name,
    )


@pytest.mark.parametrize(
    ("scheme", "port", "number", "is_secure"),
    [(b"http", None, 80, False), (b"https", None, 443, True), (b"https", 8443, 8443, True)],
)
def test_which_port_is_connected_to(scheme: bytes, port: int | None, number: int, is_secure: bool) -> None:
    address = Address(scheme, b"a.example", port, b"a.example")
    assert (address.number, address.is_secure) == (number, is_secure)
