"""A secret that is made up is a text of its own, so that hiding it hides nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from rehearsed import answers, bodies, rehearsed, thing, written

import arazzo_engine
from arazzo_engine.language.messages.exchange import Response
from arazzo_engine.validation.inputs.given import GivenInputs

if TYPE_CHECKING:
    from pathlib import Path

_TEXT: Final = {"type": "string"}
_PASSWORD: Final = {"type": "string", "format": "password"}


def _made_up(folder: Path, **inputs: Any) -> dict[str, Any]:
    parameters = [{"name": "Authorization", "in": "header", "value": "Bearer {$inputs.a}"}]
    step = {"stepId": "get", "operationId": "get", "parameters": parameters}
    inputs = {"a": _TEXT, **inputs}
    required = {**thing(**inputs), "required": [*inputs]}
    with arazzo_engine.Engine() as engine:
        program = engine.load(written(folder, [step], {"get": answers()}, inputs=required))
        return dict(program.fill_in(("w",), GivenInputs({})).given.values)


@pytest.mark.parametrize(
    ("inputs", "made"),
    [
        ({"token": _TEXT}, {"token": "secret-token"}),
        ({"pass": _PASSWORD}, {"pass": "secret-pass"}),
        ({"token": {"type": "string", "format": "uuid"}}, {"token": "5ec4e700-0000-4000-8000-000000000000"}),
        ({"a": _TEXT}, {"a": "secret-a"}),
        ({"a": {"type": "string", "maxLength": 6}}, {"a": "sample"}),
        ({"token": {"type": "string", "example": "t-1"}}, {"token": "t-1"}),
        ({"who": thing(name=_TEXT, apiKey=_TEXT)}, {"who": {"name": "sample", "apiKey": "secret-apiKey"}}),
        ({"who": thing(name=_TEXT, pin=_PASSWORD)}, {"who": {"name": "sample", "pin": "secret-pin"}}),
    ],
)
def test_an_input_that_is_a_secret_has_a_text_of_its_own(
    inputs: dict[str, Any], made: dict[str, Any], tmp_path: Path
) -> None:
    made_up = _made_up(tmp_path, **inputs)
    assert {name: made_up[name] for name in made} == made


def test_what_flows_from_an_answer_into_a_credential_has_a_text_of_its_own(tmp_path: Path) -> None:
    used = [{"name": "Authorization", "in": "header", "value": "Bearer {$steps.a.outputs.o}"}]
    steps: list[dict[str, Any]] = [
        {"stepId": "a", "operationId": "a", "outputs": {"o": "$response.body#/opener"}},
        {"stepId": "b", "operationId": "b", "parameters": used},
    ]
    operations = {"a": answers(thing(opener=_TEXT, token=_TEXT, word=_TEXT)), "b": answers()}
    report = rehearsed(tmp_path, steps, operations)
    assert bodies(report)[0] == {"opener": "secret-opener", "token": "secret-token", "word": "sample"}


def test_a_whole_answer_that_flows_into_a_credential_has_a_text_of_its_own(tmp_path: Path) -> None:
    used = [{"name": "Authorization", "in": "header", "value": "{$steps.a.outputs.o}"}]
    steps: list[dict[str, Any]] = [
        {"stepId": "a", "operationId": "a", "outputs": {"o": "$response.body"}},
        {"stepId": "b", "operationId": "b", "parameters": used},
    ]
    report = rehearsed(tmp_path, steps, {"a": answers(_TEXT), "b": answers()})
    assert bodies(report)[0] == "secret-body"


def test_what_is_kept_under_the_name_of_a_secret_has_a_text_of_its_own(tmp_path: Path) -> None:
    steps = [{"stepId": "a", "operationId": "a", "outputs": {"accessToken": "$response.body#/opener"}}]
    report = rehearsed(tmp_path, steps, {"a": answers(thing(opener=_TEXT, word=_TEXT))})
    assert bodies(report)[0] == {"opener": "secret-opener", "word": "sample"}


def test_a_header_that_is_a_secret_or_flows_into_a_credential_has_a_text_of_its_own(tmp_path: Path) -> None:
    used = [{"name": "Authorization", "in": "header", "value": "{$steps.a.outputs.o}"}]
    kept = {"o": "$response.header.X-Opener", "password": "$response.header.X-Word"}
    steps: list[dict[str, Any]] = [
        {"stepId": "a", "operationId": "a", "outputs": kept},
        {"stepId": "b", "operationId": "b", "parameters": used},
    ]
    operation = answers(thing(word=_TEXT))
    names = ("X-Opener", "X-Word", "X-Auth-Token", "X-Other")
    operation["responses"]["200"]["headers"] = {each: {"schema": _TEXT} for each in names}
    report = rehearsed(tmp_path, steps, {"a": operation, "b": answers()})
    answered = report.steps[0].response
    assert isinstance(answered, Response)
    assert {name: value for name, value in answered.headers if name in names} == {
        "X-Opener": "secret-X-Opener",
        "X-Word": "secret-X-Word",
        "X-Auth-Token": "secret-X-Auth-Token",
        "X-Other": "sample",
    }
