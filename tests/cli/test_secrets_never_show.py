"""A secret at any place of a run, sent back in every encoding, is in nothing that a command prints or records.

What is recorded is the same run again, with what stands for the secrets.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from encoders import ENCODERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.recording.recording import read_recording
from arazzo_engine.reporting.kinds.table import KINDS
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from loopback import RecordingServer

_HIDDEN = {"type": ["string", "number", "object", "array"], "format": "password"}
_STRING = {"type": "string"}
_BEARER = {"B": {"type": "http", "scheme": "bearer"}}
_KEY = {"K": {"type": "apiKey", "in": "query", "name": "key"}}
_API = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "components": {"securitySchemes": _BEARER | _KEY},
    "paths": {
        "/login": {"post": {"operationId": "login", "responses": {}}},
        "/echo": {"post": {"operationId": "echo", "responses": {}}},
        "/bearer": {"post": {"operationId": "bearer", "security": [{"B": []}], "responses": {}}},
        "/key": {"post": {"operationId": "key", "security": [{"K": []}], "responses": {}}},
    },
}
# what makes a text one that stands nowhere else
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), max_size=12).map("Zq7{}9Kx".format)
_header_texts = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="*"), max_size=12).map(
    "Zq7{}9Kx".format
)
_numbers = st.integers(10**9, 10**15) | st.floats(1e6, 1e9).map(lambda value: round(value, 3) + 0.0625)
_values = st.recursive(
    _texts | _numbers,
    lambda inner: (
        st.fixed_dictionaries({"a": inner, "b": inner, "on": st.booleans(), "no": st.none(), "": st.just("")})
        | st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=4,
)


def _inputs(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _step(operation: str, **rest: object) -> dict[str, Any]:
    return {"stepId": operation, "operationId": operation, **rest}


def _sending(value: object, operation: str = "echo") -> dict[str, Any]:
    outputs = {"seen": "$request.body", "got": "$response.body"}
    body = {"contentType": "application/json", "payload": {"v": value, "text": "about {$inputs.v}"}}
    return _step(operation, requestBody=body, outputs=outputs)


def _authorized(value: str) -> dict[str, Any]:
    parameters = [{"name": "Authorization", "in": "header", "value": value}]
    outputs = {"got": "$response.body", "sent": "$request.header.Authorization"}
    return _step("bearer", parameters=parameters, outputs=outputs)


def _main(*steps: Any, **rest: object) -> dict[str, Any]:
    saying = [each["stepId"] for each in steps if "got" in each.get("outputs", {})]
    outputs = {"outputs": {f"of-{name}": f"$steps.{name}.outputs.got" for name in saying}} if saying else {}
    return {"workflowId": "main", "steps": list(steps), **outputs, **rest}


_TARGET = {"workflowId": "target", "inputs": _inputs(v=_STRING), "steps": [_authorized("Bearer {$inputs.v}")]}
_GOTO = {"name": "g", "type": "goto", "workflowId": "target"}
_GOTO_WITH_TOKEN = {**_GOTO, "parameters": [{"name": "v", "value": "$response.body#/session/token"}]}
_FROM_SESSION = _authorized("Bearer {$steps.login.outputs.session#/token}")
_TOKEN = {"outputs": {"t": "$response.body#/session/token"}}
_HEADER = {"outputs": {"h": "Bearer {$response.body#/session/token}"}}
_V: dict[str, Any] = {"inputs": _inputs(v=_STRING)}
_DEEP = _inputs(v={"properties": {"deep": {"items": {"writeOnly": True}}}})
_CALL = {"stepId": "c", "workflowId": "called", "parameters": [{"name": "v", "value": "$inputs.x"}]}
_LOGGED_IN = {"outputs": {"session": "$response.body#/session"}}

# Where a value of any shape can be secret: the workflows, and the inputs that hold it
_OF_ANY_SHAPE: dict[str, Any] = {
    "hidden": ([_main(_sending("$inputs.v"), inputs=_inputs(v=_HIDDEN))], lambda value: {"v": value}),
    "referred": (
        [_main(_sending("$inputs.v"), inputs=_inputs(v={"allOf": [{"$ref": "#/components/inputs/Hidden"}]}))],
        lambda value: {"v": value},
    ),
    "nested": (
        [_main(_sending("$inputs.v#/deep"), inputs=_DEEP)],
        lambda value: {"v": {"deep": [value], "shown": "plain"}},
    ),
    "sent to a workflow": (
        [
            _main(_CALL, inputs=_inputs(x={})),
            {"workflowId": "called", "inputs": _inputs(v=_HIDDEN), "steps": [_sending("$inputs.v")]},
        ],
        lambda value: {"x": value},
    ),
}
# Where a text becomes a credential: the workflows, the inputs, and what the login answers
_CREDENTIALS: dict[str, Any] = {
    "input": ([_main(_authorized("Bearer {$inputs.v}"), inputs=_inputs(v=_STRING))], lambda text: {"v": text}),
    "input with its scheme": (
        [_main(_authorized("$inputs.v"), inputs=_inputs(v=_STRING))],
        lambda text: {"v": f"Bearer {text}"},
    ),
    "key": (
        [_main(_step("key", parameters=[{"name": "key", "in": "query", "value": "$inputs.v"}]), inputs=_inputs(v={}))],
        lambda text: {"v": [text, text[::-1]]},
    ),
    "output": ([_main(_step("login", **_TOKEN), _authorized("Bearer {$steps.login.outputs.t}"))], None),
    "part of an output": ([_main(_step("login", **_LOGGED_IN), _FROM_SESSION)], None),
    "in a longer output": ([_main(_step("login", **_HEADER), _authorized("$steps.login.outputs.h"))], None),
    "failed login": (
        [_main(_step("login", successCriteria=[{"condition": "$statusCode == 201"}], **_LOGGED_IN), _FROM_SESSION)],
        None,
    ),
    "goto": ([_main(_step("login", onSuccess=[_GOTO]), **_V), _TARGET], lambda text: {"v": text}),
    "goto with a part of the answer": ([_main(_step("login", onSuccess=[_GOTO_WITH_TOKEN])), _TARGET], None),
    "dependsOn": ([_main(_step("login"), dependsOn=["target"], **_V), _TARGET], lambda text: {"v": text}),
    "given": ([_main(_step("bearer"))], "--auth"),
    "environment": ([_main(_step("bearer"))], "ARAZZO_AUTH_B"),
}


def _leaves(value: Any) -> list[str]:
    match value:
        case dict():
            return [leaf for member in value.values() for leaf in _leaves(member)]
        case list():
            return [leaf for element in value for leaf in _leaves(element)]
        case None | bool() | "":
            return []
        case _:
            return [value if isinstance(value, str) else json.dumps(value)]


_WAYS_TO_RUN = (
    *(["--format", "text", "--curl"], ["--format", "json", "--trace"], ["--format", "jsonl", "--trace"], ["--dry-run"]),
    *(
        ["-i", "unknwon=1"],
        ["-vv", "--curl"],
        ["-v", *(part for kind in KINDS for part in ("--report", f"{kind}={kind}"))],
    ),
)


class Place:
    """A directory with the documents of one run, and a server that sends back every form of what is secret."""

    def __init__(self, directory: Path, server: RecordingServer) -> None:
        self.directory = directory
        self.server = server

    def prepare(self, workflows: list[Any], inputs: object, value: object, status: int) -> None:
        document = {
            "arazzo": "1.1.0",
            "info": {"title": "t", "version": "1"},
            "sourceDescriptions": [{"name": "a", "url": "api.json", "type": "openapi"}],
            "workflows": workflows,
            "components": {"inputs": {"Hidden": _HIDDEN}},
        }
        servers = {"servers": [{"url": self.server.url}]}
        for name, content in {"main.json": document, "api.json": _API | servers, "inputs.json": inputs}.items():
            (self.directory / name).write_text(json.dumps(content))
        forms = [{name: encode(leaf) for name, encode in ENCODERS.items()} for leaf in _leaves(value)]
        body = {"session": {"token": value, "ok": True}, "same": value, "forms": forms}
        self.server.script("POST", "/login", Reply(200, body=body))
        for path in ("/echo", "/bearer", "/key"):
            self.server.script("POST", path, Reply(status, body=body))

    def told_by(self, *arguments: str) -> str:
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            run_command(["run", str(self.directory / "main.json"), "--workflow", "main", *arguments])
        reports = (Path(kind) for kind in KINDS)
        return told.getvalue() + "".join(each.read_text() for each in reports if each.exists())

    def check(self, value: object, *arguments: str, runs: bool = True) -> None:
        given = [*arguments, "--inputs", str(self.directory / "inputs.json")]
        for options in _WAYS_TO_RUN:
            self.server.requests.clear()
            told = self.told_by(*given, *options)
            assert bool(self.server.requests) == (runs and "--dry-run" not in options), told
            _check_hidden(value, told)
        recording = self.directory / "run.jsonl"
        recording.unlink(missing_ok=True)
        self.told_by(*given, "--record", str(recording))
        assert recording.exists() == runs
        if runs:
            content = recording.read_bytes()
            _check_hidden(value, content.decode())
            comparison = replay(read_recording(content, "run.jsonl")).comparison
            assert comparison.is_same, comparison.to_text()
            assert not comparison.cut


def _check_hidden(value: object, told: str) -> None:
    for leaf in _leaves(value):
        for name, encode in ENCODERS.items():
            form = encode(leaf)
            assert form not in told, name
            assert json.dumps(form)[1:-1] not in told, name
            assert html.escape(form) not in told, name


@pytest.fixture
def place(tmp_path: Path, server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path, server)


_SETTINGS = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", _OF_ANY_SHAPE)
@_SETTINGS
@given(value=_values, status=st.sampled_from([200, 402]))
def test_a_hidden_value_is_never_shown(name: str, place: Place, value: object, status: int) -> None:
    workflows, inputs = _OF_ANY_SHAPE[name]
    place.prepare(workflows, inputs(value), value, status)
    place.check(value)


@pytest.mark.parametrize("name", _CREDENTIALS)
@_SETTINGS
@given(text=_header_texts, status=st.sampled_from([200, 402]))
def test_a_credential_is_never_shown(name: str, place: Place, text: str, status: int) -> None:
    workflows, inputs = _CREDENTIALS[name]
    place.prepare(workflows, inputs(text) if callable(inputs) else {}, text, status)
    with pytest.MonkeyPatch.context() as patched:
        if name == "environment":
            patched.setenv(inputs, text)
        place.check(text, *([inputs, f"B={text}"] if name == "given" else []))


@_SETTINGS
@given(text=_texts)
def test_of_secrets_that_contain_each_other_none_is_shown(place: Place, text: str) -> None:
    value = [text, text[:-1], f"{text}{text}", text[1:]]
    workflows, inputs = _OF_ANY_SHAPE["hidden"]
    place.prepare(workflows, inputs(value), value, 402)
    place.check(value)


@_SETTINGS
@given(value=_values)
def test_inputs_that_are_refused_are_not_shown(place: Place, value: object) -> None:
    schema = _inputs(v={"type": "boolean"}, w={"enum": [1]})
    place.prepare([_main(_step("login"), inputs=schema)], {"v": value, "w": value, "x": value}, value, 200)
    place.check(value, runs=False)
