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

from arazzo_engine.apis.security.grants import Grant, Token, is_secure
from arazzo_engine.apis.security.token_endpoint import (
    Refusal,
    endpoint_request,
    number_of_seconds,
    read_answer,
    read_token,
)
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import origin_of
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.machine.effects import Send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arazzo_engine.apis.descriptions.operations import SecurityScheme
    from arazzo_engine.apis.security.grants import TokenGrant
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.messages.answers import Answer
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.world.authorizing.desk import Desk, Person, Wanted
    from arazzo_engine.world.authorizing.loopback_redirect import Answer as Redirected

# RFC 8628, section 3.2: "If no value is provided, clients MUST use 5 as the default."
_INTERVAL: Final = 5.0
# what a server names is not waited for when it is no time to ask again, or to enter a code
_SHORTEST_INTERVAL: Final = 1.0
_LONGEST_LOGIN: Final = 3600.0
_DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
# what a server may say again, and nobody is to read
_SECRETS: Final = ("code", "code_verifier", "device_code")
_AGAIN: Final = "run it again, or give the token itself"


class _Login(Struct, frozen=True):
    wanted: Wanted
    desk: Desk
    person: Person

    @property
    def grant(self) -> TokenGrant:
        return self.wanted.grant

    @property
    def scheme(self) -> SecurityScheme:
        return self.wanted.scheme

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

    def token(self, form: Mapping[str, str]) -> tuple[Token | Refusal, Answer]:
        """Return what the token endpoint answers with."""
        answer = self.post(self.grant.url, form)
        found = self._read_token(answer)
        secrets = (form.get(name, "") for name in _SECRETS)
        return (found.hiding(secrets) if isinstance(found, Refusal) else found), answer

    def _read_token(self, answer: Answer) -> Token | Refusal:
        if isinstance(answer.result, NoResponse):
            return Refusal(f"{self.grant.endpoint} gave no answer: {answer.result.reason}", _AGAIN)
        return read_token(self.grant, answer.result, answer.started_at + answer.elapsed)

    def scope(self) -> dict[str, str]:
        return {"scope": " ".join(self.grant.scopes)} if self.grant.scopes else {}

    def refuse(self, reason: str, fix: str = _AGAIN) -> NoReturn:
        message = f"there is no token for `{self.scheme.name}`: {reason}"
        raise ArazzoError(diagnose("token-not-granted", message, self.scheme.at.location(), fix=fix))


def log_in(wanted: Wanted, desk: Desk, person: Person) -> Token:
    """Return the token that a person grants; raises ``ArazzoError`` (``token-not-granted``)."""
    login = _Login(wanted, desk, person)
    return _by_device(login) if wanted.grant.grant is Grant.DEVICE else _by_code(login)


def _by_code(login: _Login) -> Token:
    from arazzo_engine.world.authorizing.loopback_redirect import LOGGED_IN, Redirect  # noqa: PLC0415 - few runs need it

    verifier = login.desk.world.draw() + login.desk.world.draw()
    state = login.desk.world.draw()
    with Redirect(state, login.desk.redirect_uri) as redirect:
        query = urlencode(_asked(login, redirect.url, state, verifier))
        page = login.grant.person_url
        url = f"{page}{'&' if '?' in page else '?'}{query}"
        login.person.ask(f"`{login.scheme.name}` needs you to log in: open this page in a browser", url)
        answer = redirect.wait(login.desk.waits(login.desk.patience))
        if answer is None:
            login.desk.time_left()
            login.refuse(f"nobody logged in within {login.desk.patience:g} s")
        form = {
            "grant_type": "authorization_code",
            "code": _code_of(login, answer),
            "redirect_uri": redirect.url,
            "code_verifier": verifier,
        }
        found, _ = login.token(form)
        if isinstance(found, Refusal):
            login.refuse(found.reason, found.fix)
        redirect.tell(LOGGED_IN)
    return found


def _asked(login: _Login, redirect_uri: str, state: str, verifier: str) -> list[tuple[str, str]]:
    asked = {
        "response_type": "code",
        "client_id": login.grant.client.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        # RFC 7636, section 4.2: "code_challenge = BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))"
        "code_challenge": _base64url(hashlib.sha256(verifier.encode("ascii")).digest()),
        "code_challenge_method": "S256",
        **login.scope(),
    }
    return [*asked.items(), *login.grant.client.parameters]


def _code_of(login: _Login, answer: Redirected) -> str:
    """Return the code that a browser was sent with; ends the login when it is not to be believed, or there is none."""
    names = [name for name, _ in answer]
    twice = next((name for name in names if names.count(name) > 1), None)
    # RFC 6749, section 3.1: "Request and response parameters MUST NOT be included more than once."
    if twice is not None:
        login.refuse(f"the answer to the login says `{_shown(twice)}` more than once")
    given = dict(answer)
    _check_issuer(login, given.get("iss"))
    if not given.get("code") or "error" in given:
        login.refuse(f"the login was refused with `{_shown(given.get('error', 'no code'))}`")
    return given["code"]


def _check_issuer(login: _Login, said: str | None) -> None:
    """End a login whose answer comes from another server than the one that was asked."""
    issuer = login.wanted.issuer
    # RFC 9207, section 2.4: "clients MUST reject authorization responses without the iss parameter from authorization
    # servers which do support the parameter according to the client's configuration"
    if said is None and issuer.is_named:
        login.refuse("the answer to the login does not say from which server it is, as that server always does")
    # "If the value does not match the expected issuer identifier, clients MUST reject the authorization response"
    if said is None or (said == issuer.name if issuer.name else origin_of(said) == origin_of(login.grant.person_url)):
        return
    expected = issuer.name or login.grant.person_url.partition("?")[0]
    fix = "do not log in there" if issuer.name else "give `issuer`, if that is the name of the server that you trust"
    login.refuse(f"the answer to the login is from `{_shown(said)}`, and `{_shown(expected)}` was asked", fix)


def _by_device(login: _Login) -> Token:
    asked_at = login.grant.person_url
    answer = login.post(asked_at, {"client_id": login.grant.client.client_id, **login.scope()})
    found = login.read(asked_at, answer)
    code, user_code, page = (found.get(name) for name in ("device_code", "user_code", "verification_uri"))
    lasts, interval = (number_of_seconds(found.get(name)) for name in ("expires_in", "interval"))
    if not (
        isinstance(code, str) and isinstance(user_code, str) and isinstance(page, str) and code and _shown(user_code)
    ):
        login.refuse(f"{asked_at.partition('?')[0]} gave no code")
    if not is_secure(page):
        login.refuse(f"{asked_at.partition('?')[0]} names a page that is no https URL: `{_shown(page)}`")
    seconds = min(login.desk.patience if lasts is None else lasts, _LONGEST_LOGIN)
    interval = _INTERVAL if interval is None else max(interval, _SHORTEST_INTERVAL)
    shown = f"within {round(login.desk.waits(seconds), 1):g} s (the server is asked every {interval:g} s)"
    message = (
        f"`{login.scheme.name}` needs you to log in: open this page and enter the code {_shown(user_code)} {shown}"
    )
    login.person.ask(message, page)
    return _poll(login, {"grant_type": _DEVICE_CODE, "device_code": code}, (_end(answer), seconds), interval)


def _poll(login: _Login, form: Mapping[str, str], lasts: tuple[float, float], interval: float) -> Token:
    now, ends = lasts[0], sum(lasts)
    while True:
        if now + interval > ends:
            login.refuse(f"nobody entered the code in time: it was good for {lasts[1]:g} s")
        login.desk.world.wait(interval)
        found, answer = login.token(form)
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
