"""Functions of the user's that sign requests: which one signs for a scheme, and what it was given and gave.

Decides nothing about the headers. Whatever such a function raises is a reason why the request is not signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, TypeAlias

from arazzo_engine.language.messages.files import ChangedError
from arazzo_engine.machine.effects import Signed, TraceContext
from arazzo_engine.machine.endings import place_of

if TYPE_CHECKING:
    from arazzo_engine.machine.effects import Sign

# Method, URL, headers and body of a request that is about to leave; returns the headers that sign it
Signer: TypeAlias = Callable[[str, str, dict[str, str], bytes], Mapping[str, str]]
# By `[source.]scheme`
Signers: TypeAlias = Mapping[str, Signer]


def check_signers(signers: Signers) -> None:
    """Raise ``TypeError`` for what gives no headers when it is called."""
    for name, signer in signers.items():
        if iscoroutinefunction(signer):
            message = f"`auth[{name!r}]` must be a function that returns headers, and no coroutine function"
            raise TypeError(message)


def sign_with(signers: Signers, effect: Sign) -> Signed:
    """Return the headers that the function for a scheme of a source gives, or why there are none; those of a trace."""
    request, signature = effect.request, effect.signature
    if isinstance(signature, TraceContext):
        return Signed(signature.headers)
    specific = f"{signature.source}.{signature.scheme.name}"
    signer = signers[specific if specific in signers else signature.scheme.name]
    given = dict(request.headers)
    try:
        body = bytes(request.content)
    except ChangedError as changed:
        return Signed(problem=f"was not called: {changed}")
    try:
        found = signer(request.method, request.url, dict(given), body)
    except Exception as error:  # noqa: BLE001 - a function of the user's may raise anything, and nothing has left
        return Signed(problem=f"raised {place_of(error)}")
    if not isinstance(found, Mapping):
        return Signed(problem=f"returned {type(found).__name__} and no mapping of headers")
    if not all(isinstance(text, str) for pair in found.items() for text in pair):
        return Signed(problem="returned a header whose name or value is no text")
    # what comes back as it was given is no part of the signature
    return Signed(tuple(each for each in found.items() if each not in given.items()))
