"""Whatever parameters and bodies a step has: what its dry run shows is, byte for byte, what a server receives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from one_step import OneStep

from arazzo_engine import ArazzoError, Engine

if TYPE_CHECKING:
    from pathlib import Path

    from loopback import RecordingServer

_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6) | st.sampled_from(
    ["a,b", "a b", "a|b", "a/b?c#d", "%2F", "é", '"', "&=+", "{", "..", "\r\n", "]]>", "<a>", "data:;base64,AP8="]
)
_SCALARS = (
    _TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none() | st.just(1.0)
)
_NAMES = st.sampled_from(["a", "b c", "d[e]", "é"])
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=5
)
_STYLES = {
    "path": ["simple", "label", "matrix"],
    "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
    "header": ["simple"],
    "cookie": ["form", "cookie"],
}
_TYPES = [
    "application/json",
    "application/merge-patch+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/mixed",
    "application/xml",
    "application/xml; charset=iso-8859-1",
    "application/x-ndjson",
    "application/json-seq",
    "text/plain",
    "text/csv",
    "application/octet-stream",
]
_ENCODINGS: list[dict[str, Any]] = [
    {},
    {"style": "form", "explode": False},
    {"style": "deepObject"},
    {"contentType": "application/json"},
    {"contentType": "application/xml"},
    {"contentType": "multipart/mixed"},
    {"allowReserved": True},
]


@st.composite
def _parameters(draw: st.DrawFn) -> list[tuple[dict[str, Any], Any]]:
    places = draw(st.lists(st.sampled_from([*_STYLES, "content"]), max_size=3, unique=True))
    found = []
    for place in dict.fromkeys(["path", *places]):
        if place == "content":
            kinds = st.sampled_from(["application/json", "application/xml", "application/x-www-form-urlencoded"])
            content = {draw(kinds): {"schema": {"xml": {"name": "r"}}}}
            described: dict[str, Any] = {"name": "content", "in": "query", "content": content}
        else:
            style = {"style": draw(st.sampled_from(_STYLES[place])), "explode": draw(st.booleans())}
            described = {"name": place, "in": place, **style, "allowReserved": draw(st.booleans()), "schema": {}}
        found.append(({**described, "required": place == "path"}, draw(_VALUES)))
    return found


@st.composite
def _bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any], Any]:
    encoding = draw(st.dictionaries(_NAMES, st.sampled_from(_ENCODINGS), max_size=2))
    payload = draw(_VALUES | st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=3))
    return draw(st.sampled_from(_TYPES)), {"schema": {"xml": {"name": "r"}}, "encoding": encoding}, payload


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(parameters=_parameters(), body=st.none() | _bodies(), is_literal=st.booleans())
def test_what_a_dry_run_shows_is_what_arrives(
    tmp_path: Path,
    server: RecordingServer,
    parameters: list[tuple[dict[str, Any], Any]],
    body: tuple[str, dict[str, Any], Any] | None,
    is_literal: bool,
) -> None:
    step = OneStep(tmp_path, server)
    step.path = "/a/{path}/b"
    values = {described["name"]: value for described, value in parameters}
    step.inputs = {**values, "payload": None if body is None else body[2]}

    def given_as(name: str) -> Any:
        # a text that looks like an expression would be one
        return step.inputs[name] if is_literal and "$" not in repr(step.inputs[name]) else f"$inputs.{name}"

    written = {
        "parameters": [
            {"name": each["name"], "in": each["in"], "value": given_as(each["name"])} for each, _ in parameters
        ]
    }
    operation: dict[str, Any] = {"parameters": [each for each, _ in parameters]}
    if body is not None:
        operation["requestBody"] = {"content": {body[0]: body[1]}}
        written["requestBody"] = {"contentType": body[0], "payload": given_as("payload")}  # type: ignore[assignment]  # a body is no list
    before = len(server.requests)
    with Engine(servers=server.url) as engine:
        try:
            program = engine.load(step.write(operation, written))
            plan = program.plan(inputs=step.inputs)
        except ArazzoError:
            # what cannot be shown is not sent
            assert len(server.requests) == before
            return
        assert len(server.requests) == before
        program.run(inputs=step.inputs)
    event("sent")
    (sent,) = server.requests[before:]
    shown = plan.request
    assert shown is not None
    assert (shown.method, shown.url, shown.headers, bytes(shown.content)) == (
        sent.method,
        server.url + sent.path,
        sent.headers,
        sent.body,
    )
