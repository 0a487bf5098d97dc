"""Tokens at a step: the request for one needs a word, and neither it nor its answer is ever shown."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Final

from oauth_documents import run
from oauth_server import CLIENT, SECRET, OAuthServer

if TYPE_CHECKING:
    import pytest

_CLIENT: Final = {"client_id": CLIENT, "client_secret": SECRET}


def _step(monkeypatch: pytest.MonkeyPatch, *commands: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in commands)))
    return run(_CLIENT, "--step", "--no-project")


def test_a_token_is_asked_for_after_a_word_and_never_shown(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = ["c", "$request", "c", "y", "$request.header.Authorization", "c", "y", "b", "$request", "c", "c"]
    assert _step(monkeypatch, *commands) == 0
    told = capsys.readouterr().err
    assert "main.a is about to ask for a token   main.json:1:" in told
    assert f"send POST {oauth.url}/token now? [y/N] y" in told
    assert '(arazzo) $request.header.Authorization\n"***"' in told
    assert [each.path for each in oauth.requests] == ["/token", "/a", "/b"]
    assert len(oauth.tokens) == 1
    assert not any(each in told for each in (SECRET, *oauth.tokens))


def test_a_token_that_is_not_agreed_to_is_not_asked_for(
    oauth: OAuthServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _step(monkeypatch, "c", "c", "n", "q") == 130
    assert "not sent" in capsys.readouterr().err
    assert oauth.requests == []
