"""Requests that a function of the user's signs: what it gave is looked at, and joined to the headers that leave.

Decides which headers a signature may set. It is made last, of the request as it leaves, and for each attempt anew. What
the function does is the world's to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.http_names import why_no_header
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.machine.effects import Interaction, Sign, Signed, sign
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.secret_names import is_secret_header, texts_of_proof

if TYPE_CHECKING:
    from arazzo_engine.apis.security.authorization import Signature
    from arazzo_engine.language.messages.exchange import Headers, Request
    from arazzo_engine.machine.effects import Send

# RFC 9110, section 5.5: "field-content = field-vchar [ 1*( SP / HTAB / field-vchar ) field-vchar ]"
_VALUE: Final = lazy_pattern("[!-~\x80-\xff]([\t -~\x80-\xff]*[!-~\x80-\xff])?")
# a value that is shorter proves nothing, and would be masked in everything that is told
_SHORT: Final = 8


class NotSigned(Exception):  # noqa: N818 - a state of a request
    """A request has no signature, so it is not sent; ``diagnostic`` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def sign_request(effect: Send, seen: dict[str, None]) -> Interaction[Send]:
    """Return the effect with the headers that its signatures add; what must not be shown of them is ``seen``.

    Raises ``NotSigned``.
    """
    request = effect.request
    for signature in effect.signatures:
        signed = yield from sign(Sign(request, signature))
        added = _added(request, signed, signature)
        seen |= dict.fromkeys(text for name, value in added for text in _secrets_of(name, value))
        kept = tuple(each for each in request.headers if header(added, each[0]) is None)
        request = replace(request, headers=(*kept, *added))
    return replace(effect, request=request)


def _added(request: Request, signed: Signed, signature: Signature) -> Headers:
    """Return the headers that are new, or have another value than the request had."""
    if signed.problem:
        raise NotSigned(_not_signed(signature, signed.problem))
    added = tuple(each for each in signed.headers if each not in request.headers)
    for name, value in added:
        reason = why_no_header(name)
        if reason:
            raise NotSigned(_not_signed(signature, f"set a header that is not its own: `{name}` {reason}"))
        if not _VALUE.fullmatch(value):
            raise NotSigned(_not_signed(signature, f"gave `{name}` a value that no header can hold"))
    return added


def _not_signed(signature: Signature, what: str) -> Diagnostic:
    name = signature.scheme.name
    message = f"the request is not signed for `{name}`: the function that `auth` gives for it {what}"
    fix = "correct the function: it gets method, URL, headers and body, and returns the headers to add"
    return diagnose("request-not-signed", message, signature.scheme.at.location(), fix=fix)


def _secrets_of(name: str, value: str) -> tuple[str, ...]:
    if len(value) < _SHORT and not is_secret_header(name):
        return ()
    return texts_of_proof(value)
