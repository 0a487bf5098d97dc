"""Which texts of an effect and its reply must not be recorded.

Decides it when the reply has come, before the run has seen it: what flows into a credential is known from the document,
and what a name says to be a secret from the messages.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from arazzo_engine.apis.security.grants import Token
from arazzo_engine.documents.values import Nothing
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Emit, Keep, Send, Sign, Signed
from arazzo_engine.reporting.events import RunFinished, StepFinished, StepStarted
from arazzo_engine.reporting.messages.named_secrets import named_secrets
from arazzo_engine.secret_names import is_secret_header, secrets_in_urls, texts_of_proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Effect
    from arazzo_engine.machine.secrets import Secrets

# as the machine has it: what is shorter proves nothing
_SHORT: Final = 8


def secrets_in(effect: Effect, reply: object, secrets: Secrets) -> Iterator[str]:
    """Yield the texts of an effect and its reply that must not be recorded."""
    match effect:
        case Emit(event=StepStarted(secrets=found)):
            yield from found
        case Emit(event=StepFinished(report=step)):
            yield from step.secrets
        case Emit(event=RunFinished(report=run)):
            yield from run.secrets
        case Send():
            yield from _in_exchange(effect, reply, secrets)
        case Keep(token=token):
            yield from token.secrets()
        case Sign(request=request):
            yield from _in_request(request)
        case _:
            pass
    if isinstance(reply, Token):
        yield from reply.secrets()
    if isinstance(reply, Signed):
        yield from _in_signed(reply)


def _in_exchange(effect: Send, reply: object, secrets: Secrets) -> Iterator[str]:
    yield from _in_request(effect.request)
    if not isinstance(reply, Answer):
        return
    if reply.followed is not None:
        yield from _in_request(reply.followed)
    response = reply.result
    if not isinstance(response, Response):
        return
    yield from _in_response(response)
    asked = effect.asked
    if asked is not None and secrets.has_answer(asked.workflow.key, asked.step.step.step_id):
        scope = asked.scope_with(response)
        yield from secrets.values_of(asked.workflow.key, asked.step.step.step_id, {}, scope)


def _in_request(request: Request) -> Iterator[str]:
    yield from named_secrets(request, looked_at=inf)
    yield from _in_texts([request.url, *(value for _, value in request.headers)])
    if isinstance(request.payload, Nothing) and len(request.content):
        yield from named_secrets(None, Response(0, request.headers, bytes(request.content)), inf)


def _in_response(response: Response) -> Iterator[str]:
    yield from named_secrets(None, response, inf)
    yield from _in_texts([value for _, value in response.headers])
    if b"://" in response.content:
        yield from _in_texts([response.content.decode("utf-8", errors="replace")])


def _in_texts(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for found in secrets_in_urls(text):
            yield from dict.fromkeys((found, unquote(found)))


def _in_signed(signed: Signed) -> Iterator[str]:
    for name, value in signed.headers:
        if len(value) >= _SHORT or is_secret_header(name):
            yield from texts_of_proof(value)
