"""Tokens while a run goes on: got before the first request that needs one, kept, and got anew when one has ended.

Decides how a token endpoint is asked. The requests are effects like those of steps, so a run with tokens is determined
by its replies too; no report has one. What is asked is decided by ``token_endpoint``, and when by ``exchanges``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import Interaction, Send, keep, recall, send, wait
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.security.authorization import TokenNeed
    from arazzo_engine.apis.security.grants import Token, TokenGrant
    from arazzo_engine.apis.security.token_endpoint import Refusal

# a token that ends within this many seconds could end on the way
_LEEWAY: Final = 10.0
# while another run asks for a token, in seconds; a run that was lost while it asked is not waited for without end
_TURN: Final = 0.05
_MOST_TURNS: Final = 1_200


class Tokens(SilentState):
    """The tokens of a run by the grant that got them. ``seen`` are all that ever were, which must never be shown.

    ``unkept`` says what is lost with the run, by its scheme and where it would be looked for; ``noted`` are the tokens
    whose scopes were told, ``turns`` the grants that a run is asking for.
    """

    held: dict[TokenGrant, Token] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)
    unkept: dict[tuple[str, str], Diagnostic] = field(default_factory=dict)
    noted: set[str] = field(default_factory=set)
    turns: dict[TokenGrant, object] = field(default_factory=dict)

    def hold(self, grant: TokenGrant, token: Token) -> None:
        """Keep a token. One that came without a refresh token goes on with the one there was."""
        # RFC 6749, section 6: "The authorization server MAY issue a new refresh token, in which case the client MUST
        # discard the old refresh token and replace it with the new refresh token."
        earlier = self.held.get(grant)
        self.held[grant] = token if token.refresh_token or earlier is None else _refreshable(token, earlier)
        self.seen |= dict.fromkeys(token.secrets())

    def note(self, need: TokenNeed, token: Token) -> tuple[str, ...]:
        """Return what a reader should know of a token before it is used for the first time."""
        if not token.lacking or token.value in self.noted:
            return ()
        self.noted.add(token.value)
        scopes = f"scope{'' if len(token.lacking) == 1 else 's'} {' and '.join(f'`{each}`' for each in token.lacking)}"
        return (f"the token for `{need.scheme.name}` was granted without the {scopes} that the run asked for",)


def _refreshable(token: Token, earlier: Token) -> Token:
    return replace(token, refresh_token=earlier.refresh_token)


def is_over(token: Token, now: float) -> bool:
    """Whether a token has ended, or could end on the way."""
    return token.expires_at is not None and token.expires_at - _LEEWAY <= now


def get_token(tokens: Tokens, effect: Send, need: TokenNeed, worn: Token | None) -> Interaction[Token | Diagnostic]:
    """Get a token in place of the ``worn`` one, which has ended or was refused.

    Of the runs that share the tokens, one asks at a time: a server that replaces refresh tokens takes each once.
    """
    from arazzo_engine.apis.security.grants import INTERACTIVE  # noqa: PLC0415 - few runs get tokens

    grant, mine = need.grant, object()
    if not grant.url or (grant.grant in INTERACTIVE and need.entry is None):
        return _refused(need, _why_over(need), "run it again, and log in, or give the token itself")
    for _ in range(_MOST_TURNS):
        if tokens.turns.setdefault(grant, mine) is mine:
            break
        yield from wait(_TURN)
    try:
        if need.entry is not None and (kept := (yield from recall(need.entry))) is not None:
            tokens.hold(grant, kept)
        held = tokens.held.get(grant)
        if held is not None and held.value not in {"", "" if worn is None else worn.value}:
            return held
        if grant.grant in INTERACTIVE:
            yield from _forget(need, "")
            return _refused(need, _why_over(need), "run it again, and log in, or give the token itself")
        return (yield from _renew(tokens, effect, need))
    finally:
        tokens.turns.pop(grant, None)


def _renew(tokens: Tokens, effect: Send, need: TokenNeed) -> Interaction[Token | Diagnostic]:
    """Ask for a token: by the refresh token that came with the last one, else by what was given."""
    from arazzo_engine.apis.security.grants import Grant  # noqa: PLC0415 - few runs get tokens
    from arazzo_engine.apis.security.token_endpoint import Refusal  # noqa: PLC0415 - the same

    grant, held = need.grant, tokens.held.get(need.grant)
    found: Token | Refusal | None = None
    if held is not None and held.refresh_token:
        found = yield from _ask(grant.refreshing(), held.refresh_token, effect)
    is_over = isinstance(found, Refusal) and found.error == "invalid_grant" and grant.grant is not Grant.REFRESH_TOKEN
    if found is None or is_over:
        found = yield from _ask(grant, "", effect)
    if isinstance(found, Refusal):
        # what a login gave, only a login gives again
        if found.error == "invalid_grant" and not need.origin:
            yield from _forget(need, held.refresh_token if held is not None else grant.client.refresh_token)
        return _refused(need, found.reason, found.fix)
    tokens.hold(grant, found)
    yield from _keep(tokens, need, found)
    return found


def _why_over(need: TokenNeed) -> str:
    return "nobody asked for one before the run" if need.initial is None else "the one of the login has ended"


def _forget(need: TokenNeed, refused: str) -> Interaction[None]:
    """Keep no longer what the server takes no more, so that the next run asks for another login.

    What another run has kept meanwhile stays.
    """
    from arazzo_engine.apis.security.grants import Token  # noqa: PLC0415 - few runs get tokens

    kept = None if need.entry is None else (yield from recall(need.entry))
    if need.entry is not None and kept is not None and kept.refresh_token == refused:
        yield from keep(need.entry, Token(""))


def _refused(need: TokenNeed, reason: str, fix: str) -> Diagnostic:
    message = f"there is no token for `{need.scheme.name}`: {reason}"
    return diagnose("token-not-granted", message, need.scheme.at.location(), fix=fix)


def _keep(tokens: Tokens, need: TokenNeed, token: Token) -> Interaction[None]:
    """Keep a token beyond the run, where there is a store; what is lost without one is told at the end."""
    given = need.grant.client.refresh_token
    refreshing = tokens.held[need.grant].refresh_token or given
    reason = ""
    if need.entry is not None:
        reason = yield from keep(need.entry, replace(token, refresh_token=refreshing))
    # what a login gave, nobody has noted down
    is_replaced = bool(given and need.origin) and refreshing != given
    if reason or (is_replaced and need.entry is None):
        place = need.origin.removeprefix("--auth-file ")
        what = "refresh token" if is_replaced else "token"
        message = f"the server gave a new {what} for `{need.scheme.name}`"
        message += f" that could not be kept: {reason}" if reason else ""
        message += f", and the one in {place} no longer works" if is_replaced else ""
        fix = f"get another one{f' for {place}' if place else ''}, and keep what replaces it with `--token-store FILE`"
        tokens.unkept[need.scheme.name, place] = diagnose("token-not-kept", message, fix=fix)


def _ask(grant: TokenGrant, refresh_token: str, effect: Send) -> Interaction[Token | Refusal]:
    from arazzo_engine.apis.security.grants import Grant  # noqa: PLC0415 - few runs get tokens
    from arazzo_engine.apis.security.token_endpoint import (  # noqa: PLC0415 - the same
        Refusal,
        read_token,
        token_request,
    )

    is_refresh = bool(refresh_token) or grant.grant is Grant.REFRESH_TOKEN
    # a server that replaces refresh tokens takes each once
    asking = Send(token_request(grant, refresh_token), None, effect.timeout, may_repeat=not is_refresh)
    answer = yield from send(asking)
    if isinstance(answer.result, NoResponse):
        doubt = ", and whether the refresh token still works is not known" if is_refresh and answer.result.sent else ""
        fix = "make sure that the token endpoint can be reached, or give the token itself"
        return Refusal(f"{grant.endpoint} gave no answer: {answer.result.reason}{doubt}", fix)
    return read_token(grant, answer.result, answer.started_at + answer.elapsed)
