"""A step's request as it was sent, and its answer, whichever way it proves who is asking.

Decides when a proof is made before a request and when after an answer: what gets a token is decided by ``tokens``, and
what a challenge asks for by ``digest``. A request is sent a second time only after a 401, which says that the
first was not acted upon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.security.authorization import DigestNeed, TokenNeed
from arazzo_engine.diagnostics import Diagnostic
from arazzo_engine.documents.uris import Origin, origin_of
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import draw, send
from arazzo_engine.machine.requests.signatures import NotSigned, sign_request
from arazzo_engine.machine.tokens import Tokens, get_token, is_over
from arazzo_engine.secret_names import texts_of_proof
from arazzo_engine.typed import Silent, SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.security.authorization import Need
    from arazzo_engine.apis.security.digest import DigestLogin, Proof
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.machine.effects import Interaction, Send
    from arazzo_engine.machine.underway import Underway

_UNAUTHORIZED: Final = 401
_MOST_ANSWERS: Final = 100


class Exchanged(Silent, frozen=True):
    """A step's request as it was sent last, the answer to it, and what a reader should know."""

    request: Request
    answer: Answer
    notes: tuple[str, ...] = ()


class Proofs(SilentState):
    """What the requests of a run have proved with: tokens, the challenges of each origin, answers and signatures."""

    tokens: Tokens = field(default_factory=Tokens)
    challenges: dict[tuple[Origin | None, DigestLogin], Proof] = field(default_factory=dict)
    answers: dict[str, None] = field(default_factory=dict)

    def secrets(self) -> tuple[str, ...]:
        """Return every text that must never be shown: from the answer to a challenge, a password can be guessed.

        Of the answers, those of the last requests: each step's report has had its own, and a run may be long.
        """
        while len(self.answers) > _MOST_ANSWERS:
            del self.answers[next(iter(self.answers))]
        return (*self.tokens.seen, *self.answers)

    def answer(self, key: tuple[Origin | None, DigestLogin], request: Request) -> str | None:
        """Return the answer to the challenge that is known, for one more request."""
        proof = self.challenges.get(key)
        if proof is None:
            return None
        from arazzo_engine.apis.security.digest import answer_challenge  # noqa: PLC0415 - few runs use digest

        self.challenges[key] = replace(proof, count=proof.count + 1)
        written = answer_challenge(proof, key[1], request)
        self.answers |= dict.fromkeys(texts_of_proof(written))
        return written


def send_authorized(
    proofs: Proofs, underway: Underway, effect: Send, need: Need | None
) -> Interaction[Exchanged | Diagnostic]:
    """Send a step's request with the proof that it needs, and let the attempt underway know what was sent and came.

    The diagnostic, ``token-not-granted`` or ``request-not-signed``, says that the step's request was not sent.
    """
    way = _Way(proofs, underway, effect)
    try:
        match need:
            case None:
                return (yield from way.send())
            case TokenNeed():
                return (yield from _send_with_token(way, need))
            case DigestNeed():
                return (yield from _send_with_digest(way, need))
            case _:
                assert_never(need)
    except NotSigned as unsigned:
        return unsigned.diagnostic


class _Way(Struct, frozen=True):
    """A step's request on its way out."""

    proofs: Proofs
    underway: Underway
    effect: Send

    def send(self, authorization: str | None = None) -> Interaction[Exchanged]:
        """Send the request, with what proves who is asking; raises ``NotSigned``."""
        effect = self.effect
        if authorization is not None:
            request = replace(effect.request, headers=(*effect.request.headers, ("Authorization", authorization)))
            effect = replace(effect, request=request)
        if effect.signatures:
            effect = yield from sign_request(effect, self.proofs.answers)
        self.underway.ask(effect.request)
        answer = yield from send(effect)
        self.underway.hear(answer)
        return Exchanged(effect.request, answer)

    def send_again(
        self, tried: Exchanged, authorization: str | None, notes: tuple[str, ...] = ()
    ) -> Interaction[Exchanged]:
        """Send it once more after a 401; what came first stands when it cannot be signed again."""
        try:
            return replace((yield from self.send(authorization)), notes=notes)
        except NotSigned as unsigned:
            return replace(tried, notes=(*tried.notes, unsigned.diagnostic.message))


def _send_with_token(way: _Way, need: TokenNeed) -> Interaction[Exchanged | Diagnostic]:
    tokens, effect, underway = way.proofs.tokens, way.effect, way.underway
    held = tokens.held.get(need.grant, need.initial)
    is_usable = held is not None and not is_over(held, underway.report.started_at)
    token = held if held is not None and is_usable else (yield from get_token(tokens, effect, need, held))
    if isinstance(token, Diagnostic):
        return token
    notes = tokens.note(need, token)
    tried = replace((yield from way.send(f"Bearer {token.value}")), notes=notes)
    if not is_usable or not _is_refused(tried.answer):
        return tried
    # RFC 6750, section 3.1: "The client MAY request a new access token and retry the protected resource request."
    renewed = yield from get_token(tokens, effect, need, token)
    if isinstance(renewed, Diagnostic):
        return replace(tried, notes=(*notes, renewed.message))
    once_more = f"sent once more with a new token for `{need.scheme.name}`: the first got 401"
    told = (*notes, *tokens.note(need, renewed), once_more)
    return (yield from way.send_again(tried, f"Bearer {renewed.value}", told))


def _send_with_digest(way: _Way, need: DigestNeed) -> Interaction[Exchanged]:
    from arazzo_engine.apis.security.digest import Proof, read_challenge  # noqa: PLC0415 - few runs use digest

    proofs, request = way.proofs, way.effect.request
    key = origin_of(request.url), need.login
    tried = yield from way.send(proofs.answer(key, request))
    result = tried.answer.result
    if not isinstance(result, Response) or not _is_refused(tried.answer):
        return tried
    challenge = read_challenge(result.headers)
    if challenge is None:
        note = f"the 401 has no digest challenge that can be answered, as `{need.scheme.name}` needs"
        return replace(tried, notes=(note,))
    proofs.challenges[key] = Proof(challenge, (yield from draw()))
    return (yield from way.send_again(tried, proofs.answer(key, request)))


def _is_refused(answer: Answer) -> bool:
    # a 401 at the end of a redirect says nothing about the request that was redirected: it may have been acted upon
    return answer.hops == 0 and isinstance(answer.result, Response) and answer.result.status == _UNAUTHORIZED
