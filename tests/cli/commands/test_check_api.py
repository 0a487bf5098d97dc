"""``arazzo check-api``: what a new version of an API breaks, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_API = """\
openapi: 3.1.0
info: { title: Shop, version: '1' }
servers: [{ url: https://shop.example.com }]
paths:
  /items/{item}:
    get:
      operationId: findItem
      parameters:
      - { name: item, in: path, required: true, schema: { type: string } }
      - { name: view, in: query, schema: { type: string, enum: [short, long] } }
      - { name: sort, in: query, schema: { type: string } }
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } } }
  /orders:
    post:
      operationId: placeOrder
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
      responses: { '201': { description: ok } }
components:
  schemas:
    Item:
      type: object
      additionalProperties: false
      required: [id, price]
      properties: { id: { type: string }, price: { type: number }, state: { type: string, enum: [new, old] } }
    Order:
      type: object
      required: [item]
      properties:
        item: { type: string }
        amount: { type: number }
        speed: { type: string, enum: [slow, fast] }
"""
_DOCUMENT = """\
arazzo: 1.0.1
info: { title: Buy, version: '1' }
sourceDescriptions:
- { name: shop, url: old.yaml, type: openapi }
workflows:
- workflowId: buy
  inputs:
    type: object
    properties:
      item: { type: string }
      sort: { type: string }
      speed: { type: string, enum: [slow, fast] }
      slow: { type: string, enum: [slow] }
  steps:
  - stepId: find
    operationId: findItem
    parameters:
    - { name: item, in: path, value: $inputs.item }
    - { name: view, in: query, value: long }
    - { name: sort, in: query, value: $inputs.sort }
    successCriteria:
    - condition: $statusCode == 200
    - condition: $response.body#/state == 'new'
    outputs: { price: $response.body#/price, id: $response.body#/id }
  - stepId: order
    operationId: placeOrder
    requestBody:
      contentType: application/json
      payload: { item: $steps.find.outputs.id, amount: $steps.find.outputs.price, speed: $inputs.speed }
    successCriteria:
    - condition: $statusCode == 201
"""
_BROKEN = {
    "an operation is gone": ("operationId: placeOrder", "operationId: order", "order", "operation-not-found"),
    "a parameter is required": (
        "      - { name: sort,",
        "      - { name: region, in: query, required: true, schema: { type: string } }\n      - { name: sort,",
        "find",
        "required-parameter-missing",
    ),
    "a member of the body is required": ("required: [item]", "required: [item, currency]", "order", "literal-refused"),
    "a member that is read is gone": ("price: { type: number }", "cost: { type: number }", "find", "pointer-nowhere"),
    "a type is another": ("amount: { type: number }", "amount: { type: boolean }", "order", "type-refused"),
    "a status is gone": ("'201'", "'202'", "order", "status-undocumented"),
    "a value that is written out is gone": ("enum: [short, long]", "enum: [short]", "find", "literal-refused"),
    "a value that is compared with is gone": ("enum: [new, old]", "enum: [old]", "find", "comparison-decided"),
    "a value that may be given is gone": ("enum: [slow, fast]", "enum: [slow]", "order", "value-gone"),
    "values are listed now": (
        "name: sort, in: query, schema: { type: string",
        "name: sort, in: query, schema: { type: string, enum: [up, down]",
        "find",
        "value-gone",
    ),
    "a body is required": (
        "      responses:\n        '200'",
        "      requestBody: { required: true, content: { text/plain: {} } }\n      responses:\n        '200'",
        "find",
        "request-body-missing",
    ),
}
_HARMLESS = {
    "nothing": ("", ""),
    "a parameter that may be given": (
        "      - { name: sort,",
        "      - { name: region, in: query, schema: { type: string } }\n      - { name: sort,",
    ),
    "an operation more": (
        "components:\n",
        "  /more:\n    get: { operationId: more, responses: { '200': { description: ok } } }\ncomponents:\n",
    ),
    "a value more": ("enum: [slow, fast]", "enum: [slow, fast, at-once]"),
    "another order": (
        "item: { type: string }\n        amount: { type: number }",
        "amount: { type: number }\n        item: { type: string }",
    ),
    "a member that nobody reads is gone": ("id: { type: string }, price", "id: { type: string }, name: {}, price"),
    "a comment above": ("openapi: 3.1.0", "# version 2\n\nopenapi: 3.1.0"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The document and its API in the present folder."""
    (tmp_path / "old.yaml").write_text(_API)
    (tmp_path / "buy.arazzo.yaml").write_text(_DOCUMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _compare(folder: Path, capsys: pytest.CaptureFixture[str], new: str, *options: str) -> tuple[int, dict[str, Any]]:
    (folder / "new.yaml").write_text(new)
    code = run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml", "--format", "json", *options])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", _BROKEN)
def test_what_breaks_is_told_of_its_step_alone(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, step, code = _BROKEN[name]
    assert old in _API
    exit_code, found = _compare(folder, capsys, _API.replace(old, new))
    assert exit_code == 1
    assert found["breaks"]
    assert [(each["workflowId"], each["stepId"], each["code"]) for each in found["changes"]] == [("buy", step, code)]
    assert found["changes"][0]["location"]["uri"] == "buy.arazzo.yaml"


@pytest.mark.parametrize("name", _HARMLESS)
def test_what_breaks_nothing_is_not_told(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = _HARMLESS[name]
    exit_code, found = _compare(folder, capsys, _API.replace(old, new, 1) if old else _API)
    assert (exit_code, found["breaks"], found["changes"], found["steps"]) == (0, False, [], 2)


def test_what_was_wrong_before_is_not_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = _API.replace("operationId: placeOrder", "operationId: order").replace("'200'", "'203'")
    (folder / "old.yaml").write_text(wrong)
    exit_code, found = _compare(folder, capsys, wrong.replace("version: '1'", "version: '2'"))
    assert (exit_code, found["changes"]) == (0, [])


def test_a_value_that_is_known_not_to_be_given_breaks_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "buy.arazzo.yaml").write_text(_DOCUMENT.replace("speed: $inputs.speed }", "speed: $inputs.slow }"))
    exit_code, found = _compare(folder, capsys, _API.replace("enum: [slow, fast]", "enum: [slow]"))
    assert (exit_code, found["changes"]) == (0, [])


def test_text_says_where_and_how_to_mend_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.yaml").write_text(_API.replace("price: { type: number }", "cost: { type: number }"))
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml"]) == 1
    told = capsys.readouterr()
    assert told.out == (
        "workflow buy, step find\n"
        "  buy.arazzo.yaml:24:23: pointer-nowhere\n"
        "    `$response.body#/price` names `price`, which the answer of operation `findItem` cannot have\n"
        "    fix: use what is described: `id`, `cost`, `state`\n"
    )
    assert told.err == "1 step breaks: 1 change; 2 steps call `shop`\n"


@pytest.mark.parametrize(
    ("new", "code"),
    [(None, "source-not-found"), ("a: [", "malformed-yaml"), (_DOCUMENT, "source-type"), ("x: 1\n", "source-type")],
    ids=["none", "no YAML", "an Arazzo document", "something else"],
)
def test_a_new_version_that_cannot_be_read_is_no_answer(
    new: str | None, code: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if new is not None:
        (folder / "new.yaml").write_text(new)
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert f"[{code}]" in told.err


def test_an_api_that_cannot_be_read_as_it_is_is_no_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new.yaml").write_text(_API)
    (folder / "old.yaml").unlink()
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml"]) == 3
    told = capsys.readouterr().err
    assert "[source-not-found]: `shop` is not where the document says, and what would be read for it is the new" in told
    assert "fix: give `--source shop=PATH` with the API as it is, which `new.yaml` is to take the place of" in told
    # where it was moved to and is still there, it is read there
    (folder / "apis").mkdir()
    (folder / "apis" / "old.yaml").write_text(_API)
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml"]) == 0


def test_a_document_without_apis_is_told_to_have_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "none.arazzo.yaml").write_text("arazzo: 1.1.0\ninfo: {title: t, version: '1'}\nworkflows: []\n")
    for named in ([], ["--source", "shop"]):
        assert run_command(["check-api", "none.arazzo.yaml", "--against", "old.yaml", *named]) == 2
        assert "= fix: list an OpenAPI description in the `sourceDescriptions`" in capsys.readouterr().err


def test_of_several_apis_one_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = "- { name: other, url: old.yaml, type: openapi }\nworkflows:"
    text = _DOCUMENT.replace("workflows:", other).replace("operationId: ", "operationId: $sourceDescriptions.shop.")
    (folder / "buy.arazzo.yaml").write_text(text)
    new = _API.replace("required: [item]", "required: [item, currency]")
    (folder / "new.yaml").write_text(new)
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml"]) == 2
    assert "name one with `--source`: `shop`, `other`" in capsys.readouterr().err
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml", "--source", "shoop"]) == 2
    assert "did you mean `shop`?" in capsys.readouterr().err
    assert _compare(folder, capsys, new, "--source", "shop")[0] == 1
    assert _compare(folder, capsys, new, "--source", "other")[0] == 0
    # the same option says where a source is
    assert _compare(folder, capsys, new, "--source", "shop", "--source", "shop=new.yaml")[0] == 0
    assert run_command(["check-api", "buy.arazzo.yaml", "--against", "new.yaml", "--source", "a", "--source", "b"]) == 2
