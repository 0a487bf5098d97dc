"""Large API descriptions: reading and checking one beside parsing its text alone, and the run that finds it kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.caching.descriptions import DescriptionCache
from arazzo_engine.world.preparing import check_document
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import large_description, one_source

if TYPE_CHECKING:
    from collections.abc import Callable

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


def compare_first_load(size: int, rounds: int) -> Comparison:
    """Read a description that is not kept yet, and keep it, beside PyYAML's own loading of the text."""
    text = large_description(size)
    source = text.encode()

    def engine() -> None:
        with tempfile.TemporaryDirectory() as folder:
            document = DescriptionCache(lambda: Path(folder)).read(source, "file:///api.yaml", "api.yaml")
            assert document.content.at(("openapi",)) == "3.1.0"
            assert list(Path(folder).iterdir())

    def floor() -> None:
        yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    return compare(f"first load of a {len(text) / 1e6:.1f} MB OpenAPI / yaml.load", engine, floor, rounds=rounds)


def compare_second_run(url: str, size: int, rounds: int) -> Comparison:
    """``arazzo run`` with four steps over a large description that was read before, beside one over a small one."""
    with tempfile.TemporaryDirectory() as folder:
        large, small = (
            _four_step_run(Path(folder) / name, of, url) for name, of in (("large", size), ("small", 10_000))
        )
        # the comparison's own first call of each fills the cache
        return compare(f"second run over {size / 1e6:.0f} MB / over 10 KB", large, small, rounds=rounds)


def _four_step_run(folder: Path, size: int, url: str) -> Callable[[], object]:
    folder.mkdir()
    (folder / "api.yaml").write_text(large_description(size), encoding="utf-8")
    workflow = folder / "four.json"
    workflow.write_text(json.dumps(_four_steps()), encoding="utf-8")
    command = [sys.executable, "-m", "arazzo_engine", "run", str(workflow), "--server", url]
    environment = {**os.environ, "ARAZZO_CACHE_DIR": str(folder / "cache")}
    return lambda: subprocess.run(command, check=True, capture_output=True, env=environment)


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
