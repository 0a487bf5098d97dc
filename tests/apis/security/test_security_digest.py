"""Which challenge is answered, and with what: the RFCs' own examples, and httpx as a second opinion."""

from __future__ import annotations

import re
from typing import Final

import httpx
import pytest
from msgspec.structs import replace

from arazzo_engine.apis.security.digest import (
    Challenge,
    DigestLogin,
    Proof,
    answer_challenge,
    read_challenge,
    target_of,
)
from arazzo_engine.documents.uris import Origin, origin_of
from arazzo_engine.language.messages.exchange import Request

# RFC 7616, section 3.9.1
_LOGIN: Final = DigestLogin("Mufasa", "Circle of Life")
_CLIENT_NONCE: Final = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
_REQUEST: Final = Request("GET", "http://www.example.org/dir/index.html")
_CHALLENGE: Final = Challenge(
    realm="http-auth@example.org",
    nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    qop="auth",
    opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
)


def fields(written: str) -> dict[str, str]:
    return {name: quoted or plain for name, quoted, plain in re.findall(r'([a-z*]+)=(?:"(.*?)"|([^", ]+))', written)}


def read(*values: str) -> Challenge | None:
    return read_challenge(tuple(("WWW-authenticate", value) for value in values))


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_rfc(algorithm: str, response: str) -> None:
    challenge = Challenge(_CHALLENGE.realm, _CHALLENGE.nonce, algorithm, "auth", _CHALLENGE.opaque)
    written = answer_challenge(Proof(challenge, _CLIENT_NONCE), _LOGIN, _REQUEST)
    assert fields(written) == {
        "username": "Mufasa",
        "realm": "http-auth@example.org",
        "nonce": _CHALLENGE.nonce,
        "uri": "/dir/index.html",
        "response": response,
        "algorithm": algorithm,
        "opaque": _CHALLENGE.opaque,
        "qop": "auth",
        "nc": "00000001",
        "cnonce": _CLIENT_NONCE,
    }


@pytest.mark.parametrize(
    ("algorithm", "qop"),
    [
        ("MD5", "auth"),
        ("MD5", ""),
        ("MD5-SESS", "auth"),
        ("SHA-256", "auth"),
        ("SHA-256", ""),
        ("SHA-256-SESS", "auth,auth-int"),
    ],
)
def test_httpx_answers_the_same(algorithm: str, qop: str) -> None:
    header = f'Digest realm="r", nonce="n", algorithm={algorithm}' + (f', qop="{qop}"' if qop else "")
    request = httpx.Request("POST", "https://x.example/a%20b?c=d")
    flow = httpx.DigestAuth("user", "pass:word").auth_flow(request)
    next(flow)
    refused = httpx.Response(401, headers={"www-authenticate": header}, request=request)
    theirs = fields(flow.send(refused).headers["authorization"])
    challenge = read(header)
    assert challenge is not None
    proof = Proof(challenge, theirs.get("cnonce", ""))
    ours = answer_challenge(proof, DigestLogin("user", "pass:word"), Request("POST", "https://x.example/a%20b?c=d"))
    assert fields(ours) == theirs


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (['Digest realm="a", nonce="b"'], Challenge("a", "b")),
        (['digest REALM="a",nonce=b , qop=auth'], Challenge("a", "b", qop="auth")),
        (['Basic realm="x", Digest realm="a", nonce="b", qop="auth,auth-int"'], Challenge("a", "b", qop="auth")),
        (['Digest realm="a", nonce="b", stale=true, Basic realm="x"'], Challenge("a", "b")),
        (['Digest realm="\\"a\\\\", nonce="b, c=d"'], Challenge('"a\\', "b, c=d")),
        (['Digest realm="", nonce=""'], Challenge("", "")),
        (["Negotiate abc==", 'Digest realm="a", nonce="b", opaque=""'], Challenge("a", "b", opaque="")),
        # the first that is understood
        (
            ['Digest realm="a", nonce="b", algorithm=SHA-256', 'Digest realm="a", nonce="b"'],
            Challenge("a", "b", "SHA-256"),
        ),
        (['Digest realm="a", nonce="b", algorithm=X, Digest realm="a", nonce="c"'], Challenge("a", "c")),
        (['Digest realm="a", nonce="b", qop="auth-int"'], Challenge("a", "b", qop="auth-int")),
        (
            ['Digest realm="a", nonce="b", qop="auth-int", algorithm=SHA-512-256-sess'],
            Challenge("a", "b", "SHA-512-256-sess", "auth-int"),
        ),
        (['Digest realm="a", nonce="b", qop="auth-conf"'], None),
        (['Digest realm="a", nonce="b", algorithm=SHA-512'], None),
        (['Digest realm="a", nonce="b", algorithm=MD5-sess'], None),
        (['Digest realm="a"'], None),
        (['Digest nonce="b"'], None),
        (['Basic realm="a", nonce="b"'], None),
        (['Digest realm="a'], None),
        ([""], None),
        ([], None),
    ],
)
def test_the_first_challenge_that_is_understood_is_answered(headers: list[str], expected: Challenge | None) -> None:
    assert read(*headers) == expected


def test_a_quote_in_a_name_is_escaped() -> None:
    written = answer_challenge(Proof(Challenge('a"b', "n"), ""), DigestLogin("x\\y", "p"), _REQUEST)
    assert 'username="x\\\\y"' in written
    assert 'realm="a\\"b"' in written


@pytest.mark.parametrize(
    ("url", "target", "origin"),
    [
        ("https://X.example", "/", ("https", "x.example", 443)),
        ("https://x.example:8443/a/b?c=d#e", "/a/b?c=d", ("https", "x.example", 8443)),
        ("http://x.example?c", "/?c", ("http", "x.example", 80)),
    ],
)
def test_a_url_has_a_target_and_an_origin(url: str, target: str, origin: Origin) -> None:
    assert (target_of(url), origin_of(url)) == (target, origin)


def test_a_login_does_not_show_its_password() -> None:
    assert "Circle" not in repr(_LOGIN) + str(_LOGIN)


def test_sha_512_256_is_the_hash_of_fips_180_4() -> None:
    challenge = Challenge("r", "n", "SHA-512-256", userhash=True)
    # RFC 7616, erratum 4897: the hash of this user and realm
    login = DigestLogin("Jäsøn Doe", "Secret, or not?")
    written = answer_challenge(Proof(replace(challenge, realm="api@example.org"), "c"), login, _REQUEST)
    assert fields(written)["username"] == "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"


def test_neither_user_nor_password_shows() -> None:
    assert repr(DigestLogin("k3y-as-user", "p4ss")) == "DigestLogin()"


def test_with_auth_int_another_body_has_another_answer() -> None:
    proof = Proof(replace(_CHALLENGE, qop="auth-int"), _CLIENT_NONCE)
    answers = {answer_challenge(proof, _LOGIN, replace(_REQUEST, content=body)) for body in (b"", b"a", b"b")}
    assert len(answers) == 3
