"""Tokens that were kept: used while they last, refreshed when they have ended, passed over when they are over.

Decides what is done with an entry of the token store before a run. While it is refreshed no other run may do the same:
a server that replaces refresh tokens takes each once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.security.credentials import Credential, Entry, Granted
from arazzo_engine.apis.security.grants import INTERACTIVE, Token, TokenGrant, is_secure
from arazzo_engine.apis.security.token_endpoint import Refusal, read_token, token_request
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.tokens import is_over

if TYPE_CHECKING:
    from arazzo_engine.apis.security.oauth_client import OAuthClient
    from arazzo_engine.world.authorizing.desk import Desk
    from arazzo_engine.world.authorizing.token_store import Kept, TokenStore
    from arazzo_engine.world.authorizing.unsettled import Unsettled


def recall(unsettled: Unsettled, desk: Desk) -> Credential | None:
    """Return a credential with the token that is kept for it, ``None`` when there is none that lasts.

    Raises ``ArazzoError`` when it cannot be refreshed, or the store not be used.
    """
    if desk.store is None:
        return None
    with desk.store.alone():
        kept = desk.store.find(unsettled.entry())
        if kept is None:
            return None
        token = kept.token if lasts(kept, desk) else _refreshed(unsettled, kept, desk)
        if token is None:
            return None
        if token != kept.token:
            desk.store.keep(kept.entry, token)
    return granted(unsettled, unsettled.grant(), token, kept.entry)


def lasts(kept: Kept, desk: Desk) -> bool:
    """Whether a kept token can be used as it is."""
    return bool(kept.access_token) and not is_over(kept.token, desk.now())


def granted(unsettled: Unsettled, grant: TokenGrant, token: Token, entry: Entry | None) -> Credential:
    """Return a credential with the token that was granted for it, and with what gets the next one."""
    client = following(unsettled.client, grant, token, "" if entry is None else entry.token_url)
    # a login has no origin: what it gave nobody has noted down
    origin = "" if grant.grant in INTERACTIVE else unsettled.credential.origin
    known = Granted(token.expires_at, token.lacking, entry)
    return replace(unsettled.credential, value=token.value, client=client, origin=origin, granted=known)


def following(client: OAuthClient, grant: TokenGrant, token: Token, token_url: str) -> OAuthClient:
    """Return the client that gets the token after this one; without a refresh token, only a person can."""
    url = token_url or grant.refreshing().url
    flow = "" if token.refresh_token else grant.grant.value
    return replace(client, token_url=url, refresh_token=token.refresh_token, flow=flow)


def _refreshed(unsettled: Unsettled, kept: Kept, desk: Desk) -> Token | None:
    """Return the token that follows a kept one, ``None`` when a person has to log in anew."""
    if not kept.refresh_token:
        return None
    client = following(unsettled.client, unsettled.grant(), kept.token, kept.entry.token_url)
    grant = replace(unsettled, client=client).grant()
    if not is_secure(grant.url):
        return None
    answer = desk.world.send(Send(token_request(grant, kept.refresh_token), None, desk.timeout))
    if isinstance(answer.result, NoResponse):
        found: Token | Refusal = Refusal(f"{grant.endpoint} gave no answer: {answer.result.reason}", "run it again")
    else:
        found = read_token(grant, answer.result, answer.started_at + answer.elapsed)
    if isinstance(found, Token):
        return found if found.refresh_token else replace(found, refresh_token=kept.refresh_token)
    if found.error == "invalid_grant" and unsettled.grant().grant in INTERACTIVE:
        return None
    raise ArazzoError(_refused(unsettled, found.hiding([kept.refresh_token]), desk.store))


def _refused(unsettled: Unsettled, found: Refusal, store: TokenStore | None) -> Diagnostic:
    where = "" if store is None else f", and the refresh token is the one in {store.name}"
    message = f"there is no token for `{unsettled.scheme.name}`: {found.reason}{where}"
    fix = f"{found.fix}, or forget it with `arazzo logout`"
    return diagnose("token-not-granted", message, unsettled.scheme.at.location(), fix=fix)
