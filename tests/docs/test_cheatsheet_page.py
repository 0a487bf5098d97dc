"""Every row of the cheat sheet is evaluated, by the rehearsal of a workflow that has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import places
import pytest
import yaml

from arazzo_engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine import RunReport


_PAGE: Final = (places.ROOT / "docs" / "cheatsheet.md").read_text(encoding="utf-8")
_BODY: Final = json.loads(re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)[0])
_ROW: Final = re.compile(r"^\| (`.*`) \| (.+?) \|$")
_API: Final = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "post": {
                "operationId": "order",
                "parameters": [{"name": "lang", "in": "query", "schema": {}}],
                "requestBody": {"content": {"application/json": {"schema": {}}}},
                "responses": {"201": {"description": "done", "content": {"application/json": {"schema": {}}}}},
            }
        }
    },
}


def _rows(title: str) -> list[tuple[str, str]]:
    """Return the rows of the table whose head begins with a title, what is code in them without its marks."""
    lines = _PAGE.split(f"\n| {title} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    found = [_ROW.fullmatch(line) for line in lines]
    return [(row[1].strip("`").replace("\\|", "|"), row[2].strip("`")) for row in found if row is not None]


def _answered(folder: Path, step: dict[str, Any], *more: Any, **workflow: Any) -> RunReport:
    """Return the report of a workflow with this step, and with more behind it."""
    (folder / "shop.json").write_text(json.dumps(_API))
    called = {
        "stepId": "order",
        "operationId": "order",
        "parameters": [{"name": "lang", "in": "query", "value": "en"}],
        "requestBody": {"contentType": "application/json", "payload": {"sku": "tea"}},
    }
    document = {
        "arazzo": "1.1.0",
        "info": {"title": "t", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "shop.json", "type": "openapi"}],
        "workflows": [
            {
                "workflowId": "w",
                "inputs": {"type": "object", "properties": {"note": {"type": "string"}}},
                "steps": [{**called, **step}, *more],
                **workflow,
            }
        ],
    }
    path = folder / "document.json"
    path.write_text(json.dumps(document))
    answer = {"status": 201, "headers": {"Location": "/orders/7", "Content-Type": "application/json"}, "body": _BODY}
    with Engine() as engine:
        return engine.load(str(path)).rehearse(inputs={"note": "urgent"}, answers={"order": answer})


def test_an_expression_gives_what_its_row_says(tmp_path: Path) -> None:
    rows = _rows("in a step, after the answer | gives")
    assert len(rows) > 5
    report = _answered(tmp_path, {"outputs": {f"o{number}": text for number, (text, _) in enumerate(rows)}})
    assert list(report.steps[0].outputs.values()) == [json.loads(value) for _, value in rows]


def test_an_output_gives_what_its_row_says(tmp_path: Path) -> None:
    rows = _rows("anywhere after the step | gives")
    outputs = {"id": "$response.body#/id", "lines": "$response.body#/lines"}
    written = {f"o{number}": text for number, (text, _) in enumerate(rows)}
    report = _answered(tmp_path, {"outputs": outputs}, outputs=written)
    assert list(report.outputs.values()) == [json.loads(value) for _, value in rows]


@pytest.mark.parametrize(("text", "value"), _rows("YAML | gives"))
def test_a_value_is_what_its_row_says(text: str, value: str, tmp_path: Path) -> None:
    # what stands in a body keeps its type, and is seen as it was sent
    written = yaml.safe_load(text.replace("$response.body", "$steps.order.outputs.body"))
    body = {"contentType": "application/json", "payload": {"value": written}}
    again = {"stepId": "again", "operationId": "order", "requestBody": body}
    report = _answered(tmp_path, {"outputs": {"body": "$response.body"}}, again)
    sent = report.steps[1].request
    assert sent is not None
    assert json.loads(bytes(sent.content))["value"] == json.loads(value)


@pytest.mark.parametrize(("condition", "holds"), _rows("condition | holds"))
def test_a_condition_holds_as_its_row_says(condition: str, holds: str, tmp_path: Path) -> None:
    report = _answered(tmp_path, {"successCriteria": [{"condition": condition}]})
    assert report.succeeded is (holds == "yes")


_QUERIES = re.findall(r"^\| `(jsonpath|regex)` \| `(.*)` \| (yes|no) \|$", _PAGE, re.MULTILINE)


@pytest.mark.parametrize(("kind", "condition", "holds"), _QUERIES)
def test_a_query_holds_as_its_row_says(kind: str, condition: str, holds: str, tmp_path: Path) -> None:
    criterion = {"context": "$response.body", "type": kind, "condition": condition.replace("\\|", "|")}
    report = _answered(tmp_path, {"successCriteria": [criterion]})
    assert report.succeeded is (holds == "yes")
