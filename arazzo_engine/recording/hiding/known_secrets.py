"""Which texts of an effect and its reply must not be recorded.

Decides it when the reply has come, before the run has seen it: what flows into a credential is known from the document,
and what a name says to be a secret from the messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from msgspec import field

from arazzo_engine.apis.security.grants import Token
from arazzo_engine.documents.values import Nothing
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Emit, Keep, Send, Sign, Signed
from arazzo_engine.reporting.events import RunFinished, StepFinished, StepStarted
from arazzo_engine.reporting.messages.named_secrets import secrets_of_body, secrets_of_header
from arazzo_engine.secret_names import is_secret_header, may_name_secrets, secrets_in_urls, texts_of_proof
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.exchange import Headers, Request
    from arazzo_engine.machine.effects import Effect
    from arazzo_engine.machine.secrets import Secrets
    from arazzo_engine.reporting.events import Event

_MOST_HEADERS: Final = 1_000
# as the machine has it: what is shorter proves nothing
_SHORT: Final = 8


class Looking(SilentState):
    """Looks for secrets in the effects of a session; of headers that come again and again, it knows what they hold."""

    secrets: Secrets
    _headers: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def secrets_in(self, effect: Effect, reply: object) -> list[str]:
        """Return the texts of an effect and its reply that must not be recorded."""
        match effect:
            case Emit(event=event):
                found = list(_in_event(event))
            case Send():
                found = self._in_exchange(effect, reply)
            case _:
                found = list(self._in_proof(effect, reply))
        return [each for text in found for each in _proofs_in(text)]

    def _in_exchange(self, effect: Send, reply: object) -> list[str]:
        found = self._in_request(effect.request)
        if isinstance(reply, Answer):
            if reply.followed is not None:
                found += self._in_request(reply.followed)
            if isinstance(reply.result, Response):
                found += self._in_response(effect, reply.result)
        return found

    def _in_request(self, request: Request) -> list[str]:
        found = self._in_headers(request.headers)
        if "?" in request.url or "@" in request.url:
            found += _in_url(request.url)
        if len(request.content):
            body = bytes(request.content)
            # what a value was not written from is read as an answer would be
            is_plain = isinstance(request.payload, Nothing)
            found += _in_body(Response(0, request.headers, body) if is_plain else request, body)
        return found

    def _in_response(self, effect: Send, response: Response) -> list[str]:
        found = [*self._in_headers(response.headers), *_in_body(response, response.content)]
        asked = effect.asked
        if asked is not None and self.secrets.has_answer(asked.workflow.key, asked.step.step.step_id):
            scope = asked.scope_with(response)
            found += self.secrets.values_of(asked.workflow.key, asked.step.step.step_id, {}, scope)
        return found

    def _in_headers(self, headers: Headers) -> list[str]:
        found: list[str] = []
        for header in headers:
            known = self._headers.get(header)
            if known is None:
                known = (*secrets_of_header(*header), *_in_url(header[1]))
                if len(self._headers) < _MOST_HEADERS:
                    self._headers[header] = known
            found += known
        return found

    def _in_proof(self, effect: Effect, reply: object) -> Iterator[str]:
        if isinstance(effect, Keep):
            yield from effect.token.secrets()
        if isinstance(effect, Sign):
            yield from self._in_request(effect.request)
        if isinstance(reply, Token):
            yield from reply.secrets()
        if isinstance(reply, Signed):
            yield from _in_signed(reply)


def _proofs_in(text: str) -> tuple[str, ...]:
    """Return a secret, of the answer to a challenge what proves something: all else the server has said itself."""
    if "nonce=" not in text or "response=" not in text:
        return (text,)
    return tuple(each for each in texts_of_proof(text) if "nonce=" not in each)


def _in_event(event: Event) -> tuple[str, ...]:
    match event:
        case StepStarted(secrets=found):
            return found
        case StepFinished(report=step):
            return step.secrets
        case RunFinished(report=run):
            return run.secrets
        case _:
            return ()


def _in_body(message: Request | Response, body: bytes) -> Iterator[str]:
    text = body.decode("utf-8", errors="replace")
    # a body in another encoding has its names in other bytes
    if may_name_secrets(text) or "\0" in text or "\ufffd" in text:
        yield from secrets_of_body(message)
    yield from _in_url(text)


def _in_url(text: str) -> tuple[str, ...]:
    return tuple(each for found in secrets_in_urls(text) for each in dict.fromkeys((found, unquote(found))))


def _in_signed(signed: Signed) -> Iterator[str]:
    for name, value in signed.headers:
        if len(value) >= _SHORT or is_secret_header(name):
            yield from texts_of_proof(value)
