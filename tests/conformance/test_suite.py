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
from runner.cases import ROOT, documents, read_cases
from runner.comparing import elsewhere
from runner.disagreements import read_questions
from runner.running import run_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from runner.cases import Case

_CASES = read_cases()
_PATHS = sorted((ROOT / "cases").glob("*/*/case.yaml"))
_ADAPTER = find_adapter("arazzo_engine")
_KNOWN = _ADAPTER.expectations
_CHOICES = _ADAPTER.choices


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
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.key)
def test_our_engine_passes_or_skips_what_is_known(case: Case) -> None:
    answers: list[dict[str, Any]] = []

    def ask(message: dict[str, Any]) -> dict[str, Any]:
        answers.append(_answer()(message))
        return answers[-1]

    result = run_case(case, ask)
    known = _KNOWN.get(case.key, {}).get("result", "passed")
    # a case that was skipped because a feature was missing passes with the feature; the runner says so, too
    assert result.status in {"passed", known}, result.reason
    # the suite asks that mistakes are told where they are; ours tells none where there is none
    places = [place for each in case.expected for place in each.get("invalid", ())]
    if result.accepted is not None and places:
        assert elsewhere(places, answers[0].get("pointers", ())) == []
    # of several accepted results ours gives the one that docs/semantics.md decides for
    if result.accepted is not None and len(case.expected) > 1:
        assert result.accepted == _CHOICES[case.key]


def test_our_engine_fails_no_case() -> None:
    assert {entry["result"] for entry in _KNOWN.values()} <= {"skipped"}


@pytest.mark.parametrize("path", _PATHS, ids=lambda path: path.parent.name)
def test_a_case_is_well_formed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = next(case.content for case in _CASES if case.folder == path.parent)
    assert content == yaml.safe_load(text)
    assert [error.message for error in _schema("case.schema.json").iter_errors(content)] == []


def test_no_two_cases_have_the_same_id() -> None:
    ids = [path.parent.name for path in _PATHS]
    assert len(ids) == len(set(ids))


def test_a_case_says_one_level_or_one_for_each_of_its_versions() -> None:
    levels = [case.content for case in _CASES if isinstance(case.content["level"], dict)]
    assert [each["id"] for each in levels if set(each["level"]) != set(each["versions"])] == []


def test_what_is_left_open_names_a_question_and_every_question_has_cases() -> None:
    left_open = {
        case.id for case in _CASES if not case.mistake and (case.level == "undefined" or len(case.expected) > 1)
    }
    assert left_open - {case.id for case in _CASES if case.question} == set()
    assert {case.question for case in _CASES} - {""} == set(read_questions())


def test_no_two_accepted_results_of_a_case_are_the_same() -> None:
    found = [(case.id, [json.dumps(each, sort_keys=True) for each in case.expected]) for case in _CASES]
    assert [name for name, texts in found if len(texts) != len(set(texts))] == []


def test_no_two_cases_run_the_same_documents_with_the_same_answers() -> None:
    seen: dict[str, str] = {}
    same = []
    for case in _CASES:
        given = [case.content.get(name) for name in ("inputs", "server", "workflow")]
        if "mistakes" in case.content and not case.mistake:
            continue  # what is valid without a mistake may be the same for two
        texts = [re.sub(r"title\"?: .*", "", text) for text in documents(case).values() if isinstance(text, str)]
        key = json.dumps([given, texts, case.version], sort_keys=True)
        if (other := seen.setdefault(key, case.key)) != case.key:
            same.append((other, case.key))
    assert same == []


@cache
def _read(text: str) -> Any:
    try:
        return json.loads(text) if text.startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return None


def _parsed(case: Case) -> list[Any]:
    return [_read(text) for text in documents(case).values() if isinstance(text, str)]


def test_documents_that_are_no_yaml_are_accepted_by_no_case() -> None:
    broken = [case for case in _CASES if None in _parsed(case)]
    assert [case.id for case in broken if not all("invalid" in each for each in case.expected)] == []


def _calls(case: Case) -> dict[str, bool]:
    """Return whether each step of a case's documents calls a workflow."""
    return {
        f"{workflow['workflowId']}/{step['stepId']}": "workflowId" in step
        for document in _parsed(case)
        for workflow in document.get("workflows", ())
        for step in workflow["steps"]
    }


def test_the_steps_of_a_result_are_those_that_send_its_requests() -> None:
    wrong = []
    for case in _CASES:
        for each in [each for each in case.expected if "steps" in each]:
            sending = [name for name in each["steps"] if not _calls(case)[name]]
            if len(sending) != len(each["requests"]):
                wrong.append((case.key, each["steps"]))
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "adapters").iterdir()), ids=lambda path: path.name)
def test_what_is_known_of_an_engine_names_cases_and_reasons(path: Path) -> None:
    adapter = find_adapter(path.name)
    accepted = {case.key: len(case.expected) for case in _CASES}
    assert set(adapter.expectations) <= set(accepted)
    for entry in adapter.expectations.values():
        assert entry.keys() == {"result", "reason"}
        assert entry["result"] in {"failed", "skipped", "errored"}
        assert entry["reason"]
    assert {key for key, number in adapter.choices.items() if not 0 <= number < accepted.get(key, 0)} == set()


def test_our_choice_is_known_for_every_case_that_leaves_one() -> None:
    assert set(_CHOICES) == {case.key for case in _CASES if len(case.expected) > 1}


def test_the_runner_runs_from_a_checkout_and_writes_junit(tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    command = [sys.executable, str(ROOT / "run.py"), "--case", "a-step-*", "--junit", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "passed  a-step-calls-one-thing@1.1.0/a-path-and-a-workflow" in done.stdout
    assert 'name="a-step-calls-one-thing@1.1.0"' in out.read_text(encoding="utf-8")


def test_the_runner_imports_the_standard_library_alone() -> None:
    imported = set()
    for path in (ROOT / "run.py", *(ROOT / "runner").glob("*.py")):
        imported.update(re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert imported - sys.stdlib_module_names == {"runner"}
