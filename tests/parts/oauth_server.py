"""An OAuth server with a protected API behind it, on loopback: it grants what the RFCs grant, and refuses the rest.

It knows nothing of Arazzo. What a test needs otherwise is an attribute; tokens end when the test says so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from loopback import Recorded, RecordingServer, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT: Final = "the-client"
SECRET: Final = "s3cret +&:/é"  # every character that has to be encoded on the way
USER: Final = "ann"
PASSWORD: Final = "p4ss w+rd"
FIRST_REFRESH: Final = "refresh-0"
METADATA: Final = "/.well-known/openid-configuration"
OAUTH_METADATA: Final = "/.well-known/oauth-authorization-server"
_DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
_NO_STORE: Final = (("Cache-Control", "no-store"),)


class _RefusedError(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.reply = Reply(status, body={"error": error, "error_description": f"sorry, {error}"})


@dataclass
class _Code:
    """An authorization code or a device code that was given out."""

    scope: str
    redirect_uri: str = ""
    challenge: str = ""
    is_used: bool = False
    asked_at: float = 0.0


class OAuthServer(RecordingServer):
    """The endpoints are ``/token``, ``/authorize``, ``/device`` and the metadata; everything else wants a token."""

    def __init__(self) -> None:
        super().__init__()
        self.client_authentication = "basic"
        self.secret = SECRET
        self.is_public = False  # then the client has no secret
        self.knows_clients = True  # or nobody is one, as RFC 6749, section 4.3.2, lets a server have it
        self.refreshes_elsewhere = False  # then refresh tokens are for `/refresh` alone
        self.grants = {"client_credentials", "password", "refresh_token", "authorization_code", _DEVICE_CODE}
        self.scopes = {"read", "write", "admin"}
        self.lifetime: object = 3600
        self.token_type: str | None = "Bearer"
        self.gives_refresh_tokens = False
        self.token_reply: Reply | None = None
        self.granted: list[dict[str, str]] = []
        self.tokens: dict[str, str] = {}  # those that are valid, with their scope
        self.refresh_tokens: dict[str, str] = {FIRST_REFRESH: "read"}
        self.codes: dict[str, _Code] = {}
        self.consents = True
        self.redirect_uris = {"http://127.0.0.1/callback"}  # as they are registered
        self.answer_of_login: list[tuple[str, str]] = []  # what a login says besides
        self.iss: str | None = self.url  # RFC 9207
        self.clock: Callable[[], float] | None = None  # then devices must not ask too often, nor too late
        self.polls: list[str] = []  # what a device is told before it gets its token
        self.device_reply: dict[str, object] = {"expires_in": 600, "interval": 1}
        self.interval, self.ends_at = 0.0, 0.0
        self.metadata: dict[str, object] = {}  # what differs from the usual
        self.afterwards: dict[str, Callable[[], object]] = {}  # what happens once an API path was called

    @property
    def token_requests(self) -> list[Recorded]:
        """The requests to the token endpoint."""
        return [each for each in self.requests if each.path.startswith("/token")]

    @property
    def calls(self) -> list[Recorded]:
        """The requests to the API."""
        return [each for each in self.requests if urlsplit(each.path).path not in self._endpoints()]

    def answer(self, request: Recorded) -> Reply:
        """Answer as the endpoint does that the path names."""
        path = urlsplit(request.path).path
        endpoint = self._endpoints().get(path)
        if endpoint is None:
            return self._protected(request)
        with self._lock:
            self.requests.append(request)
            try:
                return endpoint(request)
            except _RefusedError as refused:
                return refused.reply

    def _endpoints(self) -> dict[str, Callable[[Recorded], Reply]]:
        return {
            "/token": self._token,
            "/refresh": self._token,
            "/authorize": self._authorize,
            "/device": self._device,
            METADATA: self._describe,
            OAUTH_METADATA: self._describe,
        }

    def _describe(self, _request: Recorded) -> Reply:
        usual = {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/token",
            "authorization_endpoint": f"{self.url}/authorize",
            "device_authorization_endpoint": f"{self.url}/device",
            "token_endpoint_auth_methods_supported": [f"client_secret_{self.client_authentication}"],
            # RFC 9207, section 3
            "authorization_response_iss_parameter_supported": True,
        }
        return Reply(200, body={name: value for name, value in {**usual, **self.metadata}.items() if value is not None})

    def _authorize(self, request: Recorded) -> Reply:
        given = dict(parse_qsl(urlsplit(request.path).query))
        redirect = given.get("redirect_uri", "")
        # RFC 8252, section 7.3: any port on loopback; what comes from elsewhere is told, and never redirected
        if not {redirect, re.sub(r"(?<=^http://127\.0\.0\.1):[0-9]+", "", redirect)} & self.redirect_uris:
            return Reply(400, body="wrong redirect_uri")
        is_right = (given.get("client_id"), given.get("response_type"), given.get("code_challenge_method")) == (
            CLIENT,
            "code",
            "S256",
        )
        answer = {"error": "access_denied"}
        if is_right and self.consents and given.get("state") and given.get("code_challenge"):
            code = f"code-{len(self.codes)}-{'y' * 16}"
            self.codes[code] = _Code(given.get("scope", ""), given["redirect_uri"], given["code_challenge"])
            answer = {"code": code}
        answer |= {"state": given.get("state", "")} | ({} if self.iss is None else {"iss": self.iss})
        query = urlencode([*answer.items(), *self.answer_of_login])
        return Reply(302, headers=(("Location", f"{redirect}?{query}"),))

    def _device(self, request: Recorded) -> Reply:
        form = _form(request)
        self._authenticate(request, form)
        code = f"device-{'z' * 16}"
        usual = {"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": f"{self.url}/enter"}
        body = {**usual, **self.device_reply}
        now = 0.0 if self.clock is None else self.clock()
        self.codes[code] = _Code(form.get("scope", ""), asked_at=now)
        self.interval = float(str(body.get("interval", 5)))
        self.ends_at = now + float(str(body.get("expires_in", 600)))
        return Reply(200, body=body)

    def _by_code(self, form: dict[str, str]) -> str:
        code = self.codes.get(form.get("code", ""))
        if code is None or form.get("redirect_uri") != code.redirect_uri:
            raise _RefusedError("invalid_grant")
        if code.is_used:
            # RFC 6749, section 4.1.2: "and SHOULD revoke (when possible) all tokens previously issued"
            self.tokens.clear()
            raise _RefusedError("invalid_grant")
        code.is_used = True
        verifier = form.get("code_verifier", "")
        # RFC 7636, section 4.1: "with a minimum length of 43 characters and a maximum length of 128 characters"
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        if not 43 <= len(verifier) <= 128 or challenge != code.challenge:
            raise _RefusedError("invalid_grant")
        return code.scope

    def _by_device_code(self, form: dict[str, str]) -> str:
        code = self.codes.get(form.get("device_code", ""))
        if code is None or code.is_used:
            raise _RefusedError("invalid_grant")
        self._check_pace(code)
        if self.polls:
            raise _RefusedError(self.polls.pop(0))
        code.is_used = True
        return code.scope

    def _check_pace(self, code: _Code) -> None:
        if self.clock is None:
            return
        now, before = self.clock(), code.asked_at
        code.asked_at = now
        if now >= self.ends_at:
            raise _RefusedError("expired_token")
        # RFC 8628, section 3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests"
        if now - before < self.interval:
            self.interval += 5
            raise _RefusedError("slow_down")

    def _protected(self, request: Recorded) -> Reply:
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        if scheme == "Bearer" and token in self.tokens:
            reply = super().answer(request)
            self.afterwards.pop(request.path, _nothing)()
            return reply
        with self._lock:
            self.requests.append(request)
        challenge = 'Bearer realm="api", error="invalid_token"' if token else 'Bearer realm="api"'
        return Reply(401, headers=(("WWW-Authenticate", challenge),))

    def _token(self, request: Recorded) -> Reply:
        if self.token_reply is not None:
            return self.token_reply
        form = _form(request)
        self._authenticate(request, form)
        grant = form.get("grant_type", "")
        grants = {
            "client_credentials": self._by_client,
            "password": self._by_password,
            "refresh_token": self._by_refresh_token,
            "authorization_code": self._by_code,
            _DEVICE_CODE: self._by_device_code,
        }
        if not grant:
            raise _RefusedError("invalid_request")
        if grant not in grants:
            raise _RefusedError("unsupported_grant_type")
        is_elsewhere = self.refreshes_elsewhere and grant == "refresh_token"
        if grant not in self.grants or is_elsewhere != (urlsplit(request.path).path == "/refresh"):
            raise _RefusedError("unauthorized_client")
        return self._grant(grants[grant](form), form)

    def _authenticate(self, request: Recorded, form: dict[str, str]) -> None:
        scheme, _, encoded = (request.header("authorization") or "").partition(" ")
        if not self.knows_clients:
            if scheme or "client_id" in form or "client_secret" in form:
                raise _RefusedError("invalid_client", 401)
            return
        if self.is_public:
            if scheme or "client_secret" in form or form.get("client_id") != CLIENT:
                raise _RefusedError("invalid_client", 401)
            return
        method = "basic" if scheme == "Basic" else "post"
        if method != self.client_authentication or ("client_secret" in form) == (method == "basic"):
            raise _RefusedError("invalid_client", 401)
        if method == "basic":
            try:
                pair = base64.b64decode(encoded, validate=True).decode("ascii")
            except (binascii.Error, UnicodeDecodeError) as error:
                raise _RefusedError("invalid_client", 401) from error
            client, _, secret = (unquote_plus(part) for part in pair.partition(":"))
        else:
            client, secret = form.get("client_id", ""), form["client_secret"]
        if (client, secret) != (CLIENT, self.secret):
            raise _RefusedError("invalid_client", 401)

    def _by_client(self, form: dict[str, str]) -> str:
        return form.get("scope", "")

    def _by_password(self, form: dict[str, str]) -> str:
        if (form.get("username"), form.get("password")) != (USER, PASSWORD):
            raise _RefusedError("invalid_grant")
        return form.get("scope", "")

    def _by_refresh_token(self, form: dict[str, str]) -> str:
        # a refresh token is good for one use
        if form.get("refresh_token") not in self.refresh_tokens:
            raise _RefusedError("invalid_grant")
        scope = self.refresh_tokens.pop(form["refresh_token"])
        return form.get("scope", scope)

    def _grant(self, scope: str, form: dict[str, str]) -> Reply:
        if not set(scope.split()) <= self.scopes:
            raise _RefusedError("invalid_scope")
        self.granted.append(form)
        number = len(self.granted)
        self.tokens[f"token-{number}-{'x' * 16}"] = scope
        body: dict[str, object] = {"access_token": f"token-{number}-{'x' * 16}", "scope": scope}
        body |= {} if self.token_type is None else {"token_type": self.token_type}
        body |= {} if self.lifetime is None else {"expires_in": self.lifetime}
        if self.gives_refresh_tokens or form["grant_type"] == "refresh_token":
            self.refresh_tokens[f"refresh-{number}"] = scope
            body["refresh_token"] = f"refresh-{number}"
        return Reply(200, headers=_NO_STORE, body=body)


def _nothing() -> None:
    """Do nothing."""


def _form(request: Recorded) -> dict[str, str]:
    if (request.header("content-type") or "").partition(";")[0] != "application/x-www-form-urlencoded":
        raise _RefusedError("invalid_request")
    pairs = parse_qsl(request.body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    # RFC 6749, section 3.2: "Request and response parameters MUST NOT be included more than once."
    # RFC 8707, section 2: "Multiple resource parameters MAY be used"
    once = [name for name, _ in pairs if name != "resource"]
    if len(set(once)) != len(once) or urlsplit(request.path).query:
        raise _RefusedError("invalid_request")
    return dict(pairs)
