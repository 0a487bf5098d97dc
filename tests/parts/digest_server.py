"""A server on loopback whose every path wants HTTP digest, and that refuses what RFC 7616 refuses.

It knows nothing of Arazzo. It computes what it expects from its own reading of the RFC.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import unquote

from loopback import Recorded, RecordingServer, Reply

USER: Final = "Mufasa"
PASSWORD: Final = "Circle of Life"
REALM: Final = 'the "api" realm'
_PARAMETER: Final = re.compile(r'([a-z*]+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))')


class DigestServer(RecordingServer):
    """Each nonce is good for ``uses`` requests, whose counts must be 1, 2, 3, …"""

    def __init__(self) -> None:
        super().__init__()
        self.algorithm: str | None = "SHA-256"
        self.qop: str | None = "auth, auth-int"
        self.user = USER
        self.password = PASSWORD
        self.userhash = False
        self.uses = 1000
        self.nonces: list[str] = []
        self.counts: dict[str, int] = {}
        self.client_nonces: list[str] = []

    def answer(self, request: Recorded) -> Reply:
        """Answer the script when the credentials are right, else with a challenge."""
        authorization = request.header("authorization")
        if authorization is not None and authorization.startswith("Digest "):
            given = {
                name: re.sub(r"\\(.)", r"\1", quoted) or plain
                for name, quoted, plain in _PARAMETER.findall(authorization)
            }
            if self._is_right(given, request):
                if self._is_counted(given):
                    return super().answer(request)
                return self._refuse(request, stale=True)
        return self._refuse(request, stale=False)

    def _refuse(self, request: Recorded, *, stale: bool) -> Reply:
        with self._lock:
            self.requests.append(request)
        self.nonces.append(f"nonce-{len(self.nonces)}")
        fields = ['realm="the \\"api\\" realm"', f'nonce="{self.nonces[-1]}"', 'opaque="x, y=z"']
        fields += [] if self.qop is None else [f'qop="{self.qop}"']
        fields += [] if self.algorithm is None else [f"algorithm={self.algorithm}"]
        fields += ["userhash=true"] if self.userhash else []
        fields += ["stale=true"] if stale else []
        challenges = (
            ("WWW-Authenticate", 'Basic realm="x", Digest realm="a", nonce="b", algorithm=WHIRLPOOL'),
            ("WWW-Authenticate", f"Digest {', '.join(fields)}, Negotiate"),
        )
        return Reply(401, headers=challenges)

    def _is_right(self, given: dict[str, str], request: Recorded) -> bool:
        hashed = self._hash(self.user, REALM)
        name = unquote(given.get("username*", "").removeprefix("UTF-8''")) or given.get("username")
        named = hashed if self.userhash else self.user
        return (name, given.get("realm"), given.get("uri"), given.get("opaque"), given.get("response")) == (
            named,
            REALM,
            request.path,
            "x, y=z",
            self._expected(given, request),
        )

    def _expected(self, given: dict[str, str], request: Recorded) -> str:
        secret = self._hash(self.user, REALM, self.password)
        if (self.algorithm or "").lower().endswith("-sess"):
            secret = self._hash(secret, given["nonce"], given["cnonce"])
        body = [hashlib.new(self._algorithm, request.body).hexdigest()] if given.get("qop") == "auth-int" else []
        asked = self._hash(request.method, request.path, *body)
        if self.qop is None:
            return self._hash(secret, given["nonce"], asked)
        return self._hash(secret, given["nonce"], given["nc"], given["cnonce"], given["qop"], asked)

    def _is_counted(self, given: dict[str, str]) -> bool:
        nonce = given["nonce"]
        count = self.counts[nonce] = self.counts.get(nonce, 0) + 1
        self.client_nonces.append(given.get("cnonce", ""))
        is_next = self.qop is None or given["nc"] == f"{count:08x}"
        return nonce in self.nonces and is_next and count <= self.uses

    @property
    def _algorithm(self) -> str:
        name = (self.algorithm or "MD5").upper().removesuffix("-SESS")
        return {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}[name]

    def _hash(self, *parts: str) -> str:
        return hashlib.new(self._algorithm, ":".join(parts).encode()).hexdigest()
