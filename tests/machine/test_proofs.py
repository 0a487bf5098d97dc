"""Runs that prove who asks: determined by their replies like any other; nothing is sent twice but after a 401."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replaying import RecordingWorld, ReplayedWorld, ReplayError

from arazzo_engine.apis.linking.sources import SourceLoader
from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.authorization import Signature
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.apis.security.oauth_client import OAuthClient
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.messages.answers import Answer, Failure, NoResponse
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.machine.effects import Signed
from arazzo_engine.machine.exchanges import Proofs
from arazzo_engine.machine.interpreter import Session, run
from arazzo_engine.machine.settings import Settings
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.world.drivers.driving import drive, drive_async
from arazzo_engine.world.preparing import check_document, make_ready

if TYPE_CHECKING:
    from arazzo_engine.apis.security.grants import Token
    from arazzo_engine.documents.document import Document
    from arazzo_engine.machine.effects import Keep, Recall, Send, Sign
    from arazzo_engine.reporting.events import Event
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.preparing import Ready

_CLIENT: Final = Credential(client=OAuthClient(client_id="c", client_secret="s3cret-of-the-client"))
_ACCESS: Final = Access(
    credentials=Credentials({("", "OAuth"): _CLIENT, ("", "Login"): Credential("user:s3cret-of-the-user")})
)
_FLOWS: Final = {"clientCredentials": {"tokenUrl": "https://auth.example/token", "scopes": {}}}
_SCHEMES: Final = {"OAuth": {"type": "oauth2", "flows": _FLOWS}, "Login": {"type": "http", "scheme": "digest"}}
_CHALLENGE: Final = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
_REPLIES: Final = st.sampled_from([200, 200, 200, 401, 401, 503, 0])


class _OneSource(SourceLoader):
    """A loader that gives one description: three operations that need what a test wants."""

    def __init__(self, scheme: str) -> None:
        paths = {
            f"/{name}": {"post": {"operationId": name, "security": [{scheme: []}], "responses": {}}} for name in "abc"
        }
        api = {"openapi": "3.1.0", "info": {}, "servers": [{"url": "https://x.example"}], "paths": paths}
        self.api = read_document(json.dumps({**api, "components": {"securitySchemes": _SCHEMES}}), "file:///api.json")

    def get(self, uri: str) -> Document:
        raise KeyError(uri)

    def load_source(self, source: object, base_uri: str) -> Document:
        del source, base_uri
        return self.api


def a_run(scheme: str) -> Ready:
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "x", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.json", "type": "openapi"}],
        "workflows": [{"workflowId": "main", "steps": [{"stepId": name, "operationId": name} for name in "abc"]}],
    }
    checked = check_document(read_document(json.dumps(document), "file:///main.json"), _OneSource(scheme))
    return make_ready(checked, ["main"], GivenInputs({}), Settings(_ACCESS))


class _World:
    """Answers the API and the token endpoint with these statuses in order, then with 200; 0 is no answer."""

    def __init__(self, api: list[int], tokens: list[int], *, redirects: bool = False) -> None:
        self.api, self.tokens = list(api), list(tokens)
        self.redirects = redirects
        self.now = 1000.0
        self.sent: list[tuple[Send, int]] = []
        self.events: list[Event] = []
        self.drawn = 0

    def send(self, effect: Send) -> Answer:
        statuses = self.tokens if effect.operation is None else self.api
        status = statuses.pop(0) if statuses else 200
        self.sent.append((effect, status))
        self.now += 1
        return Answer(self._result(effect, status), self.now, 0.5, int(self.redirects and effect.operation is not None))

    def _result(self, effect: Send, status: int) -> Response | NoResponse:
        if status == 0:
            return NoResponse(Failure.TIMEOUT, "nobody answers")
        if effect.operation is not None:
            return Response(status, (_CHALLENGE,))
        body: dict[str, Any] = {"access_token": f"s3cret-{len(self.sent)}", "token_type": "Bearer", "expires_in": 12}
        content = body if status == 200 else {"error": "invalid_client"}
        return Response(status, (("Content-Type", "application/json"),), json.dumps(content).encode())

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def emit(self, event: Event) -> float:
        self.events.append(event)
        return self.now

    def draw(self) -> str:
        self.drawn += 1
        return f"{self.drawn:032x}"

    def keep(self, effect: Keep) -> str:
        raise NotImplementedError("there is no token store")

    def recall(self, effect: Recall) -> Token | None:
        raise NotImplementedError("there is no token store")

    def sign(self, effect: Sign) -> Signed:
        assert isinstance(effect.signature, Signature)
        return Signed(((effect.signature.header, f"signed-{len(self.sent)}"),))


class _AsyncWorld:
    """The same for an event loop."""

    def __init__(self, world: _World) -> None:
        self.world = world

    async def send(self, effect: Send) -> Answer:
        await asyncio.sleep(0)
        return self.world.send(effect)

    async def wait(self, seconds: float) -> None:
        self.world.wait(seconds)

    def emit(self, event: Event) -> float:
        return self.world.emit(event)

    def draw(self) -> str:
        return self.world.draw()

    async def keep(self, effect: Keep) -> str:
        return self.world.keep(effect)

    async def recall(self, effect: Recall) -> Token | None:
        return self.world.recall(effect)

    async def sign(self, effect: Sign) -> Signed:
        return self.world.sign(effect)


def drive_with(ready: Ready, world: Any) -> RunReport:
    return drive(run(Session(ready.linked, Settings(_ACCESS)), ready.calls[0], "run"), world)


@pytest.mark.parametrize("scheme", ["OAuth", "Login"])
@given(api=st.lists(_REPLIES, max_size=8), tokens=st.lists(_REPLIES, max_size=6))
def test_a_run_is_determined_by_its_replies(scheme: str, api: list[int], tokens: list[int]) -> None:
    ready = a_run(scheme)
    recording = RecordingWorld(_World(api, tokens))
    report = drive_with(ready, recording)
    assert drive_with(ready, ReplayedWorld(tuple(recording.records))) == report
    session = Session(ready.linked, Settings(_ACCESS))
    interaction = run(session, ready.calls[0], "run")
    assert asyncio.run(drive_async(interaction, _AsyncWorld(_World(api, tokens)))) == report


@pytest.mark.parametrize("scheme", ["OAuth", "Login"])
@given(api=st.lists(_REPLIES, max_size=8), tokens=st.lists(_REPLIES, max_size=6))
def test_a_request_is_sent_again_only_once_and_only_after_a_401(scheme: str, api: list[int], tokens: list[int]) -> None:
    world = _World(api, tokens)
    drive_with(a_run(scheme), world)
    calls = [(effect.request.url, status) for effect, status in world.sent if effect.operation is not None]
    for url in {url for url, _ in calls}:
        statuses = [status for each, status in calls if each == url]
        assert len(statuses) <= 2
        assert all(status == 401 for status, _ in pairwise(statuses))


@pytest.mark.parametrize("scheme", ["OAuth", "Login"])
@given(api=st.lists(_REPLIES, max_size=8), tokens=st.lists(_REPLIES, max_size=6))
def test_nothing_is_sent_again_when_the_page_of_a_redirect_is_refused(
    scheme: str, api: list[int], tokens: list[int]
) -> None:
    world = _World(api, tokens, redirects=True)
    drive_with(a_run(scheme), world)
    urls = [effect.request.url for effect, _ in world.sent if effect.operation is not None]
    assert len(urls) == len(set(urls))


@pytest.mark.parametrize("scheme", ["OAuth", "Login"])
@given(api=st.lists(_REPLIES, max_size=8), tokens=st.lists(_REPLIES, max_size=6))
def test_what_proved_who_asked_is_known_as_a_secret(scheme: str, api: list[int], tokens: list[int]) -> None:
    world = _World(api, tokens)
    report = drive_with(a_run(scheme), world)
    for step in report.steps:
        for name, value in () if step.request is None else step.request.headers:
            assert name != "Authorization" or value.partition(" ")[2] in step.secrets
    assert "s3cret" not in repr(report)


@given(api=st.lists(_REPLIES, max_size=8), tokens=st.lists(_REPLIES, max_size=6))
def test_a_secret_of_the_client_goes_to_the_token_endpoint_alone(api: list[int], tokens: list[int]) -> None:
    world = _World(api, tokens)
    drive_with(a_run("OAuth"), world)
    for effect, _ in world.sent:
        is_for_a_token = effect.request.url == "https://auth.example/token"
        assert is_for_a_token == (effect.operation is None)
        scheme = dict(effect.request.headers)["Authorization"].partition(" ")[0]
        assert scheme == ("Basic" if is_for_a_token else "Bearer")


def test_what_must_not_show_does_not_grow_with_the_run_and_has_the_last_answers() -> None:
    proofs = Proofs()
    for number in range(1000):
        proofs.answers[f"answer-{number}"] = None
        assert f"answer-{number}" in proofs.secrets()
    assert len(proofs.secrets()) == 100


def test_a_replay_that_draws_where_nothing_was_drawn_is_stopped() -> None:
    with pytest.raises(ReplayError):
        ReplayedWorld(()).draw()
