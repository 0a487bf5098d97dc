"""A secret stands nowhere in a capture: in whatever body, packed or in parts, under whatever name it comes again."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from opened_proxy import opened_proxy

from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.recording.effects import read_body
from arazzo_engine.recording.hiding.undescribed import undescribed_secrets

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_SECRET = "s3cr3t-Zq81-value"
_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data; boundary=x"
_BINARY = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\xff\xfe\x00\r\n'


def _field(name: str, value: str = _SECRET, *headers: str) -> bytes:
    head = (f'Content-Disposition: form-data; name="{name}"', *headers)
    return f"--x\r\n{chr(10).join(head)}\r\n\r\n{value}\r\n".encode()


_END = b"--x--\r\n"
_INNER = f'--y\r\nContent-Type: {_JSON}\r\n\r\n{{"password": "{_SECRET}"}}\r\n--y--'
_LOGIN = json.dumps({"password": _SECRET}).encode()
_BODIES = {
    "a field of a form in parts": (_field("password") + _END, _PARTS, ""),
    "a field beside a file": (_field("password") + _BINARY + _END, _PARTS, ""),
    "JSON in a part": (_field("meta", f'{{"api_key": "{_SECRET}"}}', f"Content-Type: {_JSON}") + _END, _PARTS, ""),
    "parts in a part": (
        _field("m", _INNER, "Content-Type: multipart/mixed; boundary=y") + _END,
        "multipart/mixed; boundary=x",
        "",
    ),
    "parts whose boundary no header says": (_field("password") + _END, "multipart/form-data", ""),
    "a part in base64": (
        _field("m", base64.b64encode(_LOGIN).decode(), f"Content-Type: {_JSON}", "Content-Transfer-Encoding: base64")
        + _END,
        _PARTS,
        "",
    ),
    "packed by gzip": (gzip.compress(_LOGIN), _JSON, "gzip"),
    "packed by deflate": (zlib.compress(_LOGIN), _JSON, "deflate"),
    "packed twice": (gzip.compress(zlib.compress(_LOGIN)), _JSON, "deflate, gzip"),
    "a form": (f"user=me&password={_SECRET}".encode(), _FORM, ""),
    "a grant": (f"grant_type=authorization_code&code={_SECRET}".encode(), _FORM, ""),
    "a grant in JSON": (json.dumps({"grant_type": "x", "device_code": _SECRET}).encode(), _JSON, ""),
    "XML": (f"<a><password>{_SECRET}</password></a>".encode(), "application/xml", ""),
    "an element with a name": (f'<a><p name="apiKey"> {_SECRET} </p></a>'.encode(), "application/xml", ""),
    "JSON lines": (f'{{"a": 1}}\n{{"token": "{_SECRET}"}}\n'.encode(), "application/x-ndjson", ""),
    "a name and a value": (json.dumps([{"name": "X-Api-Key", "value": _SECRET}]).encode(), _JSON, ""),
    "a PIN": (json.dumps({"pin": 73194}).encode(), _JSON, ""),
    "a private key": (
        json.dumps({"pem": f"-----BEGIN PRIVATE KEY-----\n{_SECRET}\n-----END PRIVATE KEY-----"}).encode(),
        _JSON,
        "",
    ),
    "a scheme in a text": (json.dumps({"curl": f"-H 'X: Bearer {_SECRET}'"}).encode(), _JSON, ""),
    "a JWT": (json.dumps({"data": _JWT}).encode(), _JSON, ""),
    "a URL in a text": (json.dumps({"next": f"https://x.example/?a=1&key={_SECRET}"}).encode(), _JSON, ""),
}


@pytest.mark.parametrize("kind", _BODIES)
def test_a_secret_in_a_body_is_hidden_and_the_server_gets_it(
    tmp_path: Path, server: RecordingServer, kind: str
) -> None:
    content, content_type, coding = _BODIES[kind]
    headers = {"Content_Type": content_type, **({"Content_Encoding": coding} if coding else {})}
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("POST", f"{server.url}/a", content, **headers)
        (captured,) = proxy.captured()
    assert server.requests[0].body == content
    body = read_body(captured["request"]["body"])
    assert [each for each in (_SECRET, "73194", _JWT) if each in _read_every_way(body)] == []
    assert _SECRET not in "".join(proxy.told)
    if coding:
        assert json.loads(body).keys() == {"password"}
        assert "content-encoding" not in {name.lower() for name, _ in captured["request"]["headers"]}


def _read_every_way(content: bytes) -> str:
    text = content.decode("latin-1")
    words = (each for each in text.split() if len(each) % 4 == 0 and each.isascii() and each.isalnum())
    return text + "".join(base64.b64decode(each).decode("latin-1") for each in words)


@pytest.mark.parametrize(
    "query",
    [
        f"key={_SECRET}",
        f"a=1&api-key={_SECRET}",
        f"sig={_SECRET}",
        f"state=x&code={_SECRET}",
        f"SAMLResponse={_SECRET}",
        "k%65y=" + _SECRET,
    ],
)
def test_a_secret_in_a_query_is_hidden(tmp_path: Path, server: RecordingServer, query: str) -> None:
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("GET", f"{server.url}/a?{query}")
    assert _SECRET in server.requests[0].path
    assert _SECRET not in proxy.place.read_text() + "".join(proxy.told)


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Api_Key": _SECRET},
        {"Cookie": f"theme=dark; sid={_SECRET}"},
        {"Authorization": "Basic " + base64.b64encode(f"me:{_SECRET}".encode()).decode()},
        {"Referer": f"https://x.example/?key={_SECRET}"},
        {"X_Forwarded_Proof": f"Bearer {_SECRET}"},
    ],
)
def test_a_secret_of_a_header_is_hidden_wherever_else_it_stood_before_and_stands_later(
    tmp_path: Path, server: RecordingServer, headers: dict[str, str]
) -> None:
    packed = gzip.compress(json.dumps({"note": _SECRET}).encode())
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("POST", f"{server.url}/a/{_SECRET}", packed, Content_Type=_JSON, Content_Encoding="gzip")
        proxy.ask("GET", f"{server.url}/b", None, **headers)
        proxy.ask("POST", f"{server.url}/c", _field("note") + _BINARY + _END, Content_Type=_PARTS, X_Plain=_SECRET)
    first, _, last = proxy.captured()
    assert _SECRET not in proxy.place.read_text()
    stand_in = json.loads(read_body(first["request"]["body"]))["note"]
    assert first["request"]["url"] == f"{server.url}/a/{stand_in}"
    assert ["X-Plain", stand_in] in last["request"]["headers"]
    assert stand_in.encode() in read_body(last["request"]["body"])


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (json.dumps({"code": "DE", "key": "colour", "name": "tea", "value": "green"}), _JSON),
        ("country=DE&code=1", _FORM),
        ('<a><p name="colour">green</p></a>', "application/xml"),
        ("the bearer of this letter", "text/plain"),
        ("what? key and all", "text/plain"),
    ],
)
def test_what_only_looks_a_little_like_a_secret_is_shown(content: str, content_type: str) -> None:
    headers = (("Content-Type", content_type),)
    answer: Any = Response(200, headers, content.encode())
    assert (
        undescribed_secrets(Request("GET", "http://x.example/?code=1&page=2", headers), Answer(answer, 0.0, 0.0)) == ()
    )


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_secret_in_a_body_of_another_charset_is_hidden_in_it(
    tmp_path: Path, server: RecordingServer, charset: str
) -> None:
    secret, content_type = "pässw0rd-Zq81", f"{_JSON}; charset={charset}"
    content = json.dumps({"note": secret, "is": "ä"}, ensure_ascii=False).encode(charset)
    with opened_proxy(tmp_path) as proxy:
        proxy.ask("POST", f"{server.url}/a", content, Content_Type=content_type)
        proxy.ask("POST", f"{server.url}/c", json.dumps({"password": secret}).encode())
    first, last = (read_body(each["request"]["body"]) for each in proxy.captured())
    stand_in = json.loads(last)["password"]
    assert json.loads(first.decode(charset)) == {"note": stand_in, "is": "ä"}


def test_a_secret_in_the_path_of_the_target_is_hidden_once_it_is_seen(tmp_path: Path, server: RecordingServer) -> None:
    with opened_proxy(tmp_path, f"{server.url}/bot-{_SECRET}") as proxy:
        proxy.ask("GET", "/me", None, Authorization=f"Bearer {_SECRET}")
    assert server.requests[0].path == f"/bot-{_SECRET}/me"
    assert _SECRET not in proxy.place.read_text()
