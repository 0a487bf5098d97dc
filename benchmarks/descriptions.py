"""Reading and checking against a large API description, beside parsing its text alone."""

from __future__ import annotations

import json

import yaml

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import large_description, one_source

_FOUR = [0, 1, 2, 3]


def compare_description(size: int, rounds: int) -> Comparison:
    """Read a description and check a four-step workflow against it, beside PyYAML's own loading of the text."""
    text = large_description(size)
    workflow = json.dumps(_four_steps())

    def engine() -> None:
        source = read_document(text, "file:///api.yaml")
        checked = check_document(read_document(workflow, "file:///four.json"), one_source(source))
        assert not checked.errors, checked.errors

    def floor() -> None:
        yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    return compare(f"read and check a {len(text) / 1e6:.1f} MB OpenAPI / yaml.load", engine, floor, rounds=rounds)


def _four_steps() -> dict[str, object]:
    steps = [
        {
            "stepId": f"step{number}",
            "operationId": f"putThing{number}",
            "parameters": [{"name": "id", "in": "path", "value": "one"}],
        }
        for number in _FOUR
    ]
    return {
        "arazzo": "1.0.1",
        "info": {"title": "Four steps", "version": "1"},
        "sourceDescriptions": [{"name": "api", "url": "api.yaml", "type": "openapi"}],
        "workflows": [{"workflowId": "four", "steps": steps}],
    }
