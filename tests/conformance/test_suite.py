"""Every case of the conformance suite, run by our engine in this process over real HTTP, and the suite's own order."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from runner.adapters import find_adapter
from runner.cases import ROOT, read_cases
from runner.comparing import unmatched
from runner.running import run_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from runner.cases import Case

_CASES = read_cases()
_SPECIFICATIONS = ROOT.parent.parent / "shared" / "oai"
_ADAPTER = find_adapter("arazzo_engine")
_KNOWN = _ADAPTER.expectations


@cache
def _answer() -> Callable[[dict[str, Any]], dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("engine_adapter", _ADAPTER.folder / "engine_adapter.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer: Callable[[dict[str, Any]], dict[str, Any]] = module.answer
    return answer


@cache
def _specification(version: str) -> str:
    return _bare((_SPECIFICATIONS / f"{version}.md").read_text(encoding="utf-8"))


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / name).read_text(encoding="utf-8")))


def _bare(text: str) -> str:
    """Return the text without what Markdown adds, so that a quotation can be found in it."""
    unlinked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"[`*_|]|<br>", "", unlinked))


def _anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.key)
def test_our_engine_passes_or_skips_what_is_known(case: Case) -> None:
    answers: list[dict[str, Any]] = []

    def ask(message: dict[str, Any]) -> dict[str, Any]:
        answers.append(_answer()(message))
        return answers[-1]

    result = run_case(case, ask)
    # the suite asks for one place; ours tells every mistake, and none where there is none
    if "invalid" in case.expected[0] and "pointers" in answers[0]:
        assert unmatched(case.expected[0]["invalid"], answers[0]["pointers"]) == []
    known = _KNOWN.get(case.key, {}).get("result", "passed")
    # a case that was skipped because a feature was missing passes with the feature; the runner says so, too
    assert result.status in {"passed", known}, result.reason


def test_our_engine_fails_no_case() -> None:
    assert {entry["result"] for entry in _KNOWN.values()} <= {"skipped"}


@pytest.mark.parametrize("path", sorted((ROOT / "cases").glob("*/*/case.yaml")), ids=lambda path: path.parent.name)
def test_a_case_is_well_formed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = next(case.content for case in _CASES if case.folder == path.parent)
    assert content == yaml.safe_load(text)
    assert [error.message for error in _schema("case.schema.json").iter_errors(content)] == []


@pytest.mark.skipif(not _SPECIFICATIONS.is_dir(), reason="the specification's text is not on this machine")
@pytest.mark.parametrize("path", sorted((ROOT / "cases").glob("*/*/case.yaml")), ids=lambda path: path.parent.name)
def test_a_case_quotes_a_clause_that_is_there(path: Path) -> None:
    case = next(case for case in _CASES if case.folder == path.parent)
    newest = max("1.0.1", *case.content["versions"])  # 1.0.1 says what 1.0.0 said
    headings = re.findall(r"^#+ (.*)$", (_SPECIFICATIONS / f"{newest}.md").read_text(encoding="utf-8"), re.MULTILINE)
    for spec in case.clauses:
        parts = [_bare(part).strip() for part in spec["clause"].split(" ... ")]
        assert [part for part in parts if part not in _specification(newest)] == []
        assert spec["anchor"] in {_anchor(each) for each in headings}


def test_no_two_cases_have_the_same_id() -> None:
    ids = [path.parent.name for path in (ROOT / "cases").glob("*/*/case.yaml")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", sorted((ROOT / "adapters").iterdir()), ids=lambda path: path.name)
def test_what_is_known_of_an_engine_names_cases_and_reasons(path: Path) -> None:
    known = find_adapter(path.name).expectations
    assert set(known) <= {case.key for case in _CASES}
    for entry in known.values():
        assert entry.keys() == {"result", "reason"}
        assert entry["result"] in {"failed", "skipped", "errored"}
        assert entry["reason"]


def test_the_runner_runs_from_a_checkout_and_writes_junit(tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    command = [sys.executable, str(ROOT / "run.py"), "--case", "validity/*", "--junit", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "passed  step-ids-are-unique@1.1.0" in done.stdout
    assert 'name="step-ids-are-unique@1.1.0"' in out.read_text(encoding="utf-8")


def test_the_runner_imports_the_standard_library_alone() -> None:
    imported = set()
    for path in (ROOT / "run.py", *(ROOT / "runner").glob("*.py")):
        imported.update(re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert imported - sys.stdlib_module_names == {"runner"}
