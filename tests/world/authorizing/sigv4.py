"""A small signer of AWS Signature Version 4, and a server on loopback that verifies what it is sent.

It knows nothing of Arazzo. Signer and server share the arithmetic, which a known answer holds; the server reads what
arrived, so a request that changed on the way is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, urlsplit

from loopback import Recorded, RecordingServer, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS_KEY: Final = "AKIDEXAMPLE"
SECRET_KEY: Final = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NOW: Final = "20150830T123600Z"
_SCOPE: Final = ("20150830", "us-east-1", "service", "aws4_request")
_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


def signature_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
    """Return the signature of a request of which these headers, by their names in lower case, are signed."""
    path, _, query = target.partition("?")
    fields = sorted(
        (quote(name, "-_.~"), quote(value, "-_.~")) for name, value in parse_qsl(query, keep_blank_values=True)
    )
    canonical = "\n".join(
        [
            method,
            quote(path, "/-_.~%") or "/",
            "&".join(f"{name}={value}" for name, value in fields),
            *(f"{name}:{' '.join(headers[name].split())}" for name in sorted(headers)),
            "",
            ";".join(sorted(headers)),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", NOW, "/".join(_SCOPE), hashed])
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (*_SCOPE, text):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


def sign(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """Return the headers that sign a request, as a function of the user's does."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    signed = {name.lower(): value for name, value in headers.items()} | {"x-amz-date": NOW}
    signature = signature_of(method, target, signed, body)
    proof = [f"Credential={ACCESS_KEY}/{'/'.join(_SCOPE)}", f"SignedHeaders={';'.join(sorted(signed))}"]
    return {
        "X-Amz-Date": NOW,
        "Authorization": f"AWS4-HMAC-SHA256 {', '.join(proof)}, Signature={signature}",
    }


@dataclass
class SigningServer(RecordingServer):
    """Answers the script when the signature is that of what arrived, else with 403; ``refused`` says what was."""

    refused: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def answer(self, request: Recorded) -> Reply:
        """Answer the script when the request is signed, with the host and every header of its own."""
        found = _AUTHORIZATION.fullmatch(request.header("authorization") or "")
        names = found[2].split(";") if found else []
        headers = {name: request.header(name) or "" for name in names}
        signature = signature_of(request.method, request.path, headers, request.body)
        if found is None or not {"host", "x-amz-date"} <= headers.keys() or found[3] != signature:
            self.refused.append(request)
            return Reply(403, body={"message": "the signature does not match"})
        return super().answer(request)
