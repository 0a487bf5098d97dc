"""HTTP digest: what a server's challenge asks for, and the header that answers it without showing the password.

Decides which challenge is answered and computes the answer. The client's nonce is given: nothing here is random, and
who sends what is the machine's.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from msgspec import Struct

from arazzo_engine.language.messages.contents import chunks_of
from arazzo_engine.language.messages.files import ChangedError
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.typed import Reticent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.language.messages.exchange import Headers, Request


class DigestLogin(Reticent, frozen=True):
    """A user and a password. Neither shows: a key may stand for the user."""

    user: str
    password: str

    def _shown(self) -> str:
        return ""


class Challenge(Struct, frozen=True):
    """What a server asks for, in the names of RFC 7616. Without ``qop``, it is the challenge of RFC 2069."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str | None = None
    userhash: bool = False


class Proof(Struct, frozen=True):
    """A challenge with the client's nonce, and which request uses them now."""

    challenge: Challenge
    client_nonce: str
    count: int = 1


# RFC 7616, section 6.1; each may be followed by `-sess`
_HASHES: Final = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
# section 3.4: "qop: Indicates what "quality of protection" the client has applied"; the first that is offered
_QUALITIES: Final = ("auth", "auth-int", "")
_SESSION: Final = "-SESS"
# a scheme, or a parameter with its value
_PART: Final = lazy_pattern(r"""([^\s",=]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+)))?""")
_ESCAPED: Final = lazy_pattern(r"\\(.)")


def read_challenge(headers: Headers) -> Challenge | None:
    """Return the first challenge of a response that can be answered."""
    # RFC 7616, section 3.7: "the client [...] SHOULD use the first challenge it supports"
    values = (value for name, value in headers if name.lower() == "www-authenticate")
    found = (_understood(parameters) for value in values for parameters in _digests(value))
    return next(filter(None, found), None)


def _digests(text: str) -> Iterator[dict[str, str]]:
    """Yield the parameters of each digest challenge in a header."""
    current: dict[str, str] | None = None
    for match in _PART.finditer(text):
        name, quoted, plain = match.groups()
        if quoted is None and plain is None:
            if current is not None:
                yield current
            current = {} if name.lower() == "digest" else None
        elif current is not None:
            current[name.lower()] = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
    if current is not None:
        yield current


def _understood(parameters: dict[str, str]) -> Challenge | None:
    algorithm = parameters.get("algorithm", "MD5")
    offered = [each.strip().lower() for each in parameters.get("qop", "").split(",")]
    name, is_session = algorithm.upper().removesuffix(_SESSION), algorithm.upper().endswith(_SESSION)
    quality = next((each for each in _QUALITIES if each in offered), None)
    if not _is_computed(name) or quality is None or not {"realm", "nonce"} <= parameters.keys():
        return None
    # a session has the client's nonce, which a challenge of RFC 2069 has no place for
    if is_session and not quality:
        return None
    return Challenge(
        realm=parameters["realm"],
        nonce=parameters["nonce"],
        algorithm=algorithm,
        qop=quality,
        opaque=parameters.get("opaque"),
        userhash=parameters.get("userhash", "").lower() == "true",
    )


def _is_computed(algorithm: str) -> bool:
    """Whether an algorithm is known, and there: not every build of OpenSSL has each of them."""
    import hashlib  # noqa: PLC0415 - brings OpenSSL along, which a run without digest may not need

    return _HASHES.get(algorithm) in hashlib.algorithms_available


def answer_challenge(proof: Proof, login: DigestLogin, request: Request) -> str:
    """Return the value of ``Authorization`` for a request."""
    challenge = proof.challenge
    fields = {
        **_named(challenge, login),
        "realm": _quoted(challenge.realm),
        "nonce": _quoted(challenge.nonce),
        "uri": _quoted(target_of(request.url)),
        "response": _quoted(_response(proof, login, request)),
        "algorithm": challenge.algorithm,
    }
    if challenge.opaque is not None:
        fields["opaque"] = _quoted(challenge.opaque)
    if challenge.qop:
        fields |= {"qop": challenge.qop, "nc": f"{proof.count:08x}", "cnonce": _quoted(proof.client_nonce)}
    if challenge.userhash:
        fields["userhash"] = "true"
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def _response(proof: Proof, login: DigestLogin, request: Request) -> str:
    challenge, client_nonce = proof.challenge, proof.client_nonce
    # RFC 7616, section 3.4.2: "A1 = unq(username) ":" unq(realm) ":" passwd"; with `-sess`, "A1 = H( unq(username) ":"
    # unq(realm) ":" passwd ) ":" unq(nonce-prime) ":" unq(cnonce-prime)"
    secret = _hash(challenge, login.user, challenge.realm, login.password)
    if challenge.algorithm.upper().endswith(_SESSION):
        secret = _hash(challenge, secret, challenge.nonce, client_nonce)
    # section 3.4.3: "A2 = Method ":" request-uri"; with `auth-int`, "A2 = Method ":" request-uri ":" H(entity-body)"
    body = [_hash_bytes(challenge, chunks_of(request.content))] if challenge.qop == "auth-int" else []
    asked = _hash(challenge, request.method, target_of(request.url), *body)
    if not challenge.qop:
        return _hash(challenge, secret, challenge.nonce, asked)
    # section 3.4.1: "response = <"> < KD ( H(A1), unq(nonce) ":" nc ":" unq(cnonce) ":" unq(qop) ":" H(A2) ) <">"
    count = f"{proof.count:08x}"
    return _hash(challenge, secret, challenge.nonce, count, client_nonce, challenge.qop, asked)


def _hash(challenge: Challenge, *parts: str) -> str:
    return _hash_bytes(challenge, [":".join(parts).encode()])


def _hash_bytes(challenge: Challenge, chunks: Iterable[bytes]) -> str:
    import hashlib  # noqa: PLC0415 - the same

    name = _HASHES[challenge.algorithm.upper().removesuffix(_SESSION)]
    found = hashlib.new(name, usedforsecurity=False)
    # a body with a file that has changed is not sent, whatever its proof is
    with suppress(ChangedError):
        for chunk in chunks:
            found.update(chunk)
    return found.hexdigest()


def _named(challenge: Challenge, login: DigestLogin) -> dict[str, str]:
    # section 3.4.4: "username = H( unq(username) ":" unq(realm) )"
    if challenge.userhash:
        return {"username": _quoted(_hash(challenge, login.user, challenge.realm))}
    # section 3.4: "If the userhash parameter value is not set "true" and the username contains characters not allowed
    # inside the ABNF quoted-string, the user's name can be sent with this parameter"
    if not login.user.isascii():
        return {"username*": f"UTF-8''{quote(login.user, safe='')}"}
    return {"username": _quoted(login.user)}


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def target_of(url: str) -> str:
    """Return the path and query of a URL, as the request line has them."""
    after_host = re.sub(r"^[^:/?#]+://[^/?#]*", "", url.partition("#")[0])
    return after_host if after_host.startswith("/") else "/" + after_host
