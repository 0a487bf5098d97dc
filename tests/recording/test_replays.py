"""A recording that is replayed gives the report of the run again, byte for byte."""

from __future__ import annotations

import json
import os
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import jsonschema_rs
from drawn import SCRIPTS, documents
from hypothesis import given, settings
from recorded_runs import Script, opened, recorded

from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from arazzo_engine.language.messages.answers import NoResponse
    from arazzo_engine.language.messages.exchange import Response

# `RECORDINGS=1000 pytest tests/recording` is the campaign of CONTRIBUTING.md
_EXAMPLES = int(os.environ.get("RECORDINGS", "60"))

_SCHEMA = resources.files("arazzo_engine.recording").joinpath("recording.schema.json").read_text(encoding="utf-8")
_is_line = jsonschema_rs.validator_for(json.loads(_SCHEMA)).is_valid


@settings(max_examples=_EXAMPLES)
@given(documents(), SCRIPTS)
def test_any_recorded_run_is_the_same_again(text: str, script: dict[str, list[Response | NoResponse]]) -> None:
    with TemporaryDirectory() as folder:
        report, content = recorded(Path(folder), text, Script(script), max_steps=40, max_nesting=4)
        replayed = replay(opened(content))
    assert all(map(_is_line, map(json.loads, content.splitlines())))
    assert replayed.comparison.is_same, replayed.comparison.to_text()
    assert not replayed.comparison.cut
    (again,) = replayed.reports
    assert json.dumps(again.to_json()) == json.dumps(report.to_json())
