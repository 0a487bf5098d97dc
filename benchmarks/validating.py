"""Checking a large Arazzo document full of well-known mistakes, beside parsing its text alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml

from arazzo_engine.reporting.findings.screen import Room, show_findings
from arazzo_engine.world.engine import Engine
from benchmarks.comparing import Comparison, compare

_PART: Final = {"name": "a thing of the shop", "tags": ["new", "small", "blue"], "sizes": {"width": 1, "height": 2.5}}


def compare_validation(steps: int, rounds: int) -> Comparison:
    """``Engine.validate`` of a document with four repairs a step, and its text on a screen, beside PyYAML's loading."""
    with tempfile.TemporaryDirectory() as folder:
        document, description = Path(folder) / "large.arazzo.yaml", Path(folder) / "api.json"
        text = large_document(steps)
        document.write_text(text, encoding="utf-8")
        description.write_text(json.dumps(_description(steps)), encoding="utf-8")

        def engine() -> None:
            with Engine(offline=True) as one:
                findings = one.validate(str(document))
            repaired = sum(each.code == "repaired" for each in findings)
            assert repaired >= 4 * steps, repaired
            assert not [each for each in findings if each.is_error]
            show_findings(findings, Room())

        def floor() -> None:
            yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

        name = f"validate {len(text) / 1e6:.1f} MB, {steps} steps, all repaired / yaml.load"
        return compare(name, engine, floor, rounds=rounds)


def large_document(steps: int) -> str:
    """Return an Arazzo document of so many steps with about 3 kB each, every one with four well-known mistakes."""
    last = {"stepId": f"step{steps}", "operationId": "add0", "outputs": {"id": "$response.body.id"}}
    workflow = {"workflowId": "all", "steps": [*map(_step, range(steps)), last]}
    document = {
        "arazzo": "1.0.1",
        "info": {"title": "Many things", "version": "1"},
        "sourceDescriptions": [{"name": "shop", "url": "api.json", "type": "openapi"}],
        "workflows": [workflow],
    }
    return str(yaml.dump(document, Dumper=_Plain, sort_keys=False, width=1000))


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True


def _step(number: int) -> dict[str, Any]:
    before = f"$steps.step{number - 1}.outputs.id" if number else 0
    following = [{"type": "goto", "stepId": f"step{number + 1}"}]
    return {
        "stepId": f"step{number}",
        "operationId": f"add{number}",
        "requestBody": {"payload": {"before": before, "parts": [{**_PART, "id": each} for each in range(12)]}},
        "successCriteria": [
            {"condition": "$statusCode == 200"},
            {"condition": "$response.header.Content-Type == application/json"},
        ],
        "onSuccess": following if number % 10 == 0 else [{"name": "on", **following[0]}],
        "outputs": {"id": "$response.body.id", "first": "$response.body.parts[0].id", "name": "$response.body.name"},
    }


def _description(steps: int) -> dict[str, Any]:
    part = {"type": "object", "properties": {"id": {"type": "string"}}}
    answer = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "name": {}, "parts": {"type": "array", "items": part}},
    }
    json_of = "application/json"
    responses = {"200": {"description": "done", "content": {json_of: {"schema": answer}}}}
    body = {"content": {json_of: {"schema": {"type": "object"}}}}
    paths = {
        f"/things/{number}": {"post": {"operationId": f"add{number}", "requestBody": body, "responses": responses}}
        for number in range(steps)
    }
    info = {"title": "Shop", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": "https://shop.example.com"}], "paths": paths}
