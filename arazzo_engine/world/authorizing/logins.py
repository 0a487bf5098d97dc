"""Tokens that a person grants: by authorization code with PKCE in a browser, or by a code typed in on any device.

Decides what the person is told, how long is waited, and which answer of the browser is believed. It runs before the
first request of a run. Nothing of it is printed here: the person is reached through ``Person``.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlencode

from msgspec import Struct

from arazzo_engine.apis.security.grants import Grant, Token
from arazzo_engine.apis.security.token_endpoint import (
    Refusal,
    endpoint_request,
    number_of_seconds,
    read_answer,
    read_token,
)
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.security.grants import TokenGrant
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.world.authorizing.desk import Desk, Person

# RFC 8628, section 3.2: "If no value is provided, clients MUST use 5 as the default."
_INTERVAL: Final = 5.0
# what a server names is not waited for when it is no time to ask again, or to enter a code
_SHORTEST_INTERVAL: Final = 1.0
_LONGEST_LOGIN: Final = 3600.0
_DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_AGAIN: Final = "run it again, or give the token itself"


class _Login(Struct, frozen=True):
    grant: TokenGrant
    scheme: SecurityScheme
    desk: Desk
    person: Person

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        request: Request = endpoint_request(url, self.grant.client, form)
        return self.desk.world.send(Send(request, None, self.desk.timeout))

    def read(self, url: str, answer: Answer) -> dict[str, JsonValue]:
        """Return the object that an endpoint answered with, and end the login when it is none."""
        if isinstance(answer.result, NoResponse):
            self.refuse(f"{url.partition('?')[0]} gave no answer: {answer.result.reason}")
        found = read_answer(url.partition("?")[0], self.grant.client, answer.result)
        if isinstance(found, Refusal):
            self.refuse(found.reason, found.fix)
        return found

    def token(self, answer: Answer) -> Token | Refusal:
        """Return what the token endpoint answered with."""
        if isinstance(answer.result, NoResponse):
            return Refusal(f"{self.grant.endpoint} gave no answer: {answer.result.reason}", _AGAIN)
        return read_token(self.grant, answer.result, answer.started_at + answer.elapsed)

    def scope(self) -> dict[str, str]:
        return {"scope": " ".join(self.grant.scopes)} if self.grant.scopes else {}

    def refuse(self, reason: str, fix: str = _AGAIN) -> NoReturn:
        message = f"there is no token for `{self.scheme.name}`: {reason}"
        raise ArazzoError(diagnose("token-not-granted", message, self.scheme.at.location(), fix=fix))


def log_in(grant: TokenGrant, scheme: SecurityScheme, desk: Desk, person: Person) -> Token:
    """Return the token that a person grants; raises ``ArazzoError`` (``token-not-granted``)."""
    login = _Login(grant, scheme, desk, person)
    return _by_device(login) if grant.grant is Grant.DEVICE else _by_code(login)


def _by_code(login: _Login) -> Token:
    from arazzo_engine.world.authorizing.loopback_redirect import Redirect  # noqa: PLC0415 - most runs need no browser

    verifier = login.desk.world.draw() + login.desk.world.draw()
    state = login.desk.world.draw()
    with Redirect(state) as redirect:
        asked = {
            "response_type": "code",
            "client_id": login.grant.client.client_id,
            "redirect_uri": redirect.url,
            "state": state,
            # RFC 7636, section 4.2: "code_challenge = BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))"
            "code_challenge": _base64url(hashlib.sha256(verifier.encode("ascii")).digest()),
            "code_challenge_method": "S256",
            **login.scope(),
        }
        query = urlencode([*asked.items(), *login.grant.client.parameters])
        page = login.grant.person_url
        url = f"{page}{'&' if '?' in page else '?'}{query}"
        login.person.ask(f"`{login.scheme.name}` needs you to log in: open this page in a browser", url)
        answer = redirect.wait(login.desk.patience)
    if answer is None:
        login.refuse(f"nobody logged in within {login.desk.patience:g} s")
    if "code" not in answer:
        login.refuse(f"the login was refused with `{_shown(answer.get('error', 'no code'))}`")
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": redirect.url,
        "code_verifier": verifier,
    }
    found = login.token(login.post(login.grant.url, form))
    if isinstance(found, Refusal):
        login.refuse(found.reason, found.fix)
    return found


def _by_device(login: _Login) -> Token:
    asked_at = login.grant.person_url
    answer = login.post(asked_at, {"client_id": login.grant.client.client_id, **login.scope()})
    found = login.read(asked_at, answer)
    code, user_code, page = (found.get(name) for name in ("device_code", "user_code", "verification_uri"))
    lasts, interval = (number_of_seconds(found.get(name)) for name in ("expires_in", "interval"))
    if not (isinstance(code, str) and isinstance(user_code, str) and isinstance(page, str)):
        login.refuse(f"{asked_at.partition('?')[0]} gave no code")
    message = f"`{login.scheme.name}` needs you to log in: open this page and enter the code {_shown(user_code)}"
    login.person.ask(message, page)
    seconds = min(login.desk.patience if lasts is None else lasts, _LONGEST_LOGIN)
    interval = _INTERVAL if interval is None else max(interval, _SHORTEST_INTERVAL)
    return _poll(login, {"grant_type": _DEVICE_CODE, "device_code": code}, (_end(answer), seconds), interval)


def _poll(login: _Login, form: Mapping[str, str], lasts: tuple[float, float], interval: float) -> Token:
    now, ends = lasts[0], sum(lasts)
    while True:
        if now + interval > ends:
            login.refuse("nobody entered the code in time")
        login.desk.world.wait(interval)
        answer = login.post(login.grant.url, form)
        found = login.token(answer)
        if isinstance(found, Token):
            return found
        if isinstance(answer.result, NoResponse):
            # RFC 8628, section 3.5: "On encountering a connection timeout, clients MUST unilaterally reduce their
            # polling frequency before retrying."
            interval *= 2
        elif found.error == "slow_down":
            # "the interval MUST be increased by 5 seconds for this and all subsequent requests"
            interval += 5
        elif found.error != "authorization_pending":
            login.refuse(found.reason, found.fix)
        now = _end(answer)


def _end(answer: Answer) -> float:
    return answer.started_at + answer.elapsed


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _shown(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character != "`")[:100]
