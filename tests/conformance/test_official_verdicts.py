"""Documents that the specification's own schema accepts or refuses: our verdict is the same, or stricter and says why.

A document is judged by itself, as ``validate --offline --no-sources`` does. The schema cannot see what the prose
forbids: expressions that the grammar does not have, names that lead nowhere. Where ours is the stricter, the codes are
listed, so that a repair or a change of mind shows here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import places
import pytest

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path

_ROOT = places.ROOT.parent / "shared" / "oai"
# What the prose forbids in documents that the schema accepts
_STRICTER: dict[str, set[str]] = {
    # published as passing the schema though the prose forbids them
    "characterization-openapi-invalid-operationPath-string.arazzo.yaml": {"operation-path-invalid"},
    "characterization-workflow-step-with-requestBody.arazzo.yaml": {"exclusive-fields"},
    # `$workflows.<workflowId>.steps.<stepId>.outputs.<name>`: another workflow shows its outputs only
    "async-depends-on-cross-workflow.arazzo.yaml": {"invalid-expression"},
    # outputs that no step has
    "bnpl-example.yaml": {"unknown-output"},
    "bnpl-arazzo.yaml": {"unknown-output"},
    # `$steps.previous.outputs` names no output, and there is no such step; and nothing to replace in
    "payload-replacement-using-selector.arazzo.yaml": {"invalid-expression", "field-missing"},
}
# What has one reading, and is told as a repair
_REPAIRED = {
    "async-depends-on-invalid-reference.arazzo.yaml",
    # a list of nothing, which says what no list says; the prose asks for no members
    "async-depends-on-empty.arazzo.yaml",
    "invalid-openapi-success-criteria.arazzo.yaml",
    "invalid-workflow-success-criteria.arazzo.yaml",
}
_ACCEPTED = [*sorted(_ROOT.glob("v1.1/pass/*.yaml")), *sorted(_ROOT.glob("examples/1.0.0/*arazzo*.yaml"))]
_REFUSED = sorted(_ROOT.glob("v1.1/fail/*.yaml"))
pytestmark = pytest.mark.skipif(not _ROOT.is_dir(), reason="the specification's documents are not on this machine")


def _judge(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, set[str]]:
    code = run_command(["validate", "--offline", "--no-sources", "--format", "json", str(path)])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return code, {each["code"] for each in found if each["severity"] == "error"}


@pytest.mark.parametrize("path", _ACCEPTED, ids=lambda path: path.name)
def test_what_the_schema_accepts_is_accepted_or_refused_for_what_the_prose_says(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = _STRICTER.get(path.name, set())
    assert _judge(path, capsys) == (3 if expected else 0, expected)


@pytest.mark.parametrize("path", _REFUSED, ids=lambda path: path.name)
def test_what_the_schema_refuses_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, errors = _judge(path, capsys)
    if path.name in _REPAIRED:
        assert (code, errors) == (0, set())
        return
    assert code == 3
    assert "unsupported-feature" not in errors


@pytest.mark.parametrize("name", sorted(_REPAIRED))
def test_what_is_repaired_is_refused_by_the_letter(name: str) -> None:
    path = _ROOT / "v1.1" / "fail" / name
    assert run_command(["validate", "--offline", "--no-sources", "--strict", str(path)]) == 3


def test_every_exception_is_a_document_that_is_there() -> None:
    assert set(_STRICTER) <= {path.name for path in _ACCEPTED}
    assert {path.name for path in _REFUSED} >= _REPAIRED
