"""One token after the other: which request asks for it, and which refresh token goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import pytest

from arazzo_engine.apis.descriptions.operations import SecurityScheme
from arazzo_engine.apis.security.authorization import TokenNeed
from arazzo_engine.apis.security.grants import Grant, Token, TokenGrant
from arazzo_engine.apis.security.oauth_client import OAuthClient
from arazzo_engine.diagnostics import Diagnostic
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.tokens import Tokens, get_token, is_over

if TYPE_CHECKING:
    from collections.abc import Sequence

_URL: Final = "https://auth.example/token"
_CLIENT: Final = OAuthClient(client_id="c", client_secret="s", refresh_token="given")
_PLACE: Final = read_document("{}", "file:///api.json").root()
_EFFECT: Final = Send(Request("GET", "https://x.example/a"), None)


def _need(grant: Grant) -> TokenNeed:
    return TokenNeed(SecurityScheme(_PLACE, "OAuth", "oauth2"), TokenGrant(grant, _URL, _CLIENT))


def _refused(error: str) -> tuple[int, dict[str, Any]]:
    return 400, {"error": error}


_GRANTED: Final = (200, {"access_token": "t", "token_type": "Bearer"})


def _asked(need: TokenNeed, held: Token | None, replies: Sequence[tuple[int, dict[str, Any]]]) -> tuple[Any, list[str]]:
    """Return what came of asking for a token, and the refresh token or the grant of each request."""
    tokens, asked, left = Tokens(), [], list(replies)
    if held is not None:
        tokens.hold(need.grant, held)
    asking = get_token(tokens, _EFFECT, need, held)
    try:
        effect = next(asking)
        while True:
            assert isinstance(effect, Send)
            assert isinstance(effect.request.content, bytes)
            form = parse_qs(effect.request.content.decode())
            asked.append(form.get("refresh_token", form["grant_type"])[0])
            status, body = left.pop(0)
            headers = (("Content-Type", "application/json"),)
            effect = asking.send(Answer(Response(status, headers, json.dumps(body).encode()), 0.0, 0.0))
    except StopIteration as ended:
        assert not left
        return ended.value, asked


@pytest.mark.parametrize(
    ("held", "replies", "asked", "is_granted"),
    [
        (None, [_GRANTED], ["client_credentials"], True),
        (Token("old"), [_GRANTED], ["client_credentials"], True),
        (Token("old", None, "r1"), [_GRANTED], ["r1"], True),
        # a refresh token that has ended is no reason to give up: what was given still gets a token
        (Token("old", None, "r1"), [_refused("invalid_grant"), _GRANTED], ["r1", "client_credentials"], True),
        # any other refusal is that of the client, and would be the same
        (Token("old", None, "r1"), [_refused("invalid_client")], ["r1"], False),
        (Token("old", None, "r1"), [(500, {})], ["r1"], False),
    ],
)
def test_a_token_is_asked_for_by_the_refresh_token_first(
    held: Token | None, replies: Sequence[tuple[int, dict[str, Any]]], asked: list[str], *, is_granted: bool
) -> None:
    found, sent = _asked(_need(Grant.CLIENT_CREDENTIALS), held, replies)
    assert sent == asked
    assert isinstance(found, Token) == is_granted
    assert isinstance(found, Diagnostic) != is_granted


def test_a_refresh_token_that_was_given_is_not_tried_again_after_the_one_that_came() -> None:
    # the server has replaced it, and may take its use for a theft
    found, sent = _asked(_need(Grant.REFRESH_TOKEN), Token("old", None, "r1"), [_refused("invalid_grant")])
    assert (isinstance(found, Diagnostic), sent) == (True, ["r1"])


@pytest.mark.parametrize(("came", "kept"), [("", "r1"), ("r2", "r2")])
def test_a_token_without_a_refresh_token_goes_on_with_the_one_there_was(came: str, kept: str) -> None:
    grant, tokens = _need(Grant.CLIENT_CREDENTIALS).grant, Tokens()
    tokens.hold(grant, Token("a", None, "r1"))
    tokens.hold(grant, Token("b", None, came))
    assert (tokens.held[grant].value, tokens.held[grant].refresh_token) == ("b", kept)
    assert set(tokens.seen) == {"a", "b", "r1", *filter(None, [came])}


@pytest.mark.parametrize(("now", "over"), [(89.9, False), (90.0, True), (100.0, True)])
def test_a_token_is_over_ten_seconds_before_it_ends(now: float, *, over: bool) -> None:
    assert is_over(Token("a", 100.0), now) is over
    assert not is_over(Token("a"), now)
