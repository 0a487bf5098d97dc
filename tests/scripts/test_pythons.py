"""The command that tries every Python: which it finds, which libraries it pins, and what it prints."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from interpreters import Interpreter, ask, find_interpreters
from pythons import chosen, describe, main, table
from requirements import libraries_of_a_run, lowest_versions, requirements
from trials import ROOT, SUITES, Outcome, Plan, Trial, project, readme_command, run_trial

from arazzo_engine.cli.usage import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

OLD = Interpreter((3, 11, 7), "/old/python3.11")
NEW = Interpreter((3, 13, 0), "/new/python3.13")
FOUND = {each.minor: each for each in (OLD, NEW)}


def write_python(file: Path, version: str, *, name: str = "cpython", level: str = "final") -> str:
    """Write a program that answers as that Python would."""
    file.parent.mkdir(parents=True, exist_ok=True)
    numbers = version.replace(".", ", ")
    file.write_text(f'#!/bin/sh\necho \'["{name}", "{level}", [{numbers}], "{file}"]\'\n')
    file.chmod(0o755)
    return str(file)


def test_the_python_that_runs_is_one() -> None:
    assert ask(sys.executable) == Interpreter(sys.version_info[:3], sys.executable)


def test_pythons_are_found_on_the_path_and_in_pyenv(tmp_path: Path) -> None:
    running = write_python(tmp_path / "running" / "python", "3.12.4")
    on_the_path = write_python(tmp_path / "bin" / "python3.11", "3.11.2")
    later_on_the_path = write_python(tmp_path / "later" / "python3.15", "3.15.0")
    write_python(tmp_path / "later" / "python3.11", "3.11.9")
    write_python(tmp_path / "later" / "python3.10", "3.10.1")
    write_python(tmp_path / "pyenv" / "versions" / "3.13.2" / "bin" / "python", "3.13.2")
    newest = write_python(tmp_path / "pyenv" / "versions" / "3.13.10" / "bin" / "python", "3.13.10")
    path = f"{tmp_path / 'bin'}:{tmp_path / 'none'}:{tmp_path / 'later'}"
    found = find_interpreters(running, path, tmp_path / "pyenv")
    assert {str(each): each.path for each in found.values()} == {
        "3.11.2": on_the_path,
        "3.12.4": running,
        "3.13.10": newest,
        "3.15.0": later_on_the_path,
    }


def test_what_is_no_usable_python_is_passed_over(tmp_path: Path) -> None:
    write_python(tmp_path / "python3.11", "3.11.1", name="pypy")
    write_python(tmp_path / "python3.12", "3.12.0", level="candidate")
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.13").chmod(0o755)
    (tmp_path / "python3.14").write_text("not a program")
    assert find_interpreters(str(tmp_path / "none"), str(tmp_path), tmp_path) == {}


def test_each_python_that_is_not_there_is_told() -> None:
    assert list(describe(FOUND)) == [
        "Python 3.11.7: /old/python3.11",
        "Python 3.12: not found",
        "Python 3.13.0: /new/python3.13",
        "Python 3.14: not found",
    ]


def test_pythons_are_chosen_by_version_or_by_being_the_one_that_runs() -> None:
    this = Interpreter(sys.version_info[:3], sys.executable)
    other = Interpreter((3, 99, 1), "/other")
    found = {each.minor: each for each in (this, other)}
    assert list(chosen(found, ["all"])) == [this, other]
    assert list(chosen(found, ["this"])) == [this]
    assert list(chosen(found, ["others"])) == [other]
    assert list(chosen(found, ["3.99"])) == [other]
    assert list(chosen(found, ["3.99.1", "this", "3.99"])) == [this, other]
    assert list(chosen(found, ["3.98"])) == []


def test_a_python_that_is_asked_for_and_not_there_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--python", "3.98"]) == 1
    assert capsys.readouterr().out.endswith("not on this machine: 3.98\n")


@pytest.mark.parametrize(
    ("requirement", "pin"),
    [
        ("a>=1.2", "a==1.2"),
        ("a-b.c >= 4, <5", "a-b.c==4"),
        ("a>=1; python_version < '3.13'", "a==1; python_version < '3.13'"),
    ],
)
def test_a_lower_bound_becomes_a_pin(requirement: str, pin: str) -> None:
    assert lowest_versions({"dependencies": [requirement]}) == [pin]


@pytest.mark.parametrize("requirement", ["a", "a<2", "a @ https://example.com/a.zip", "a; python_version < '3.13'"])
def test_a_requirement_without_a_lower_bound_is_refused(requirement: str) -> None:
    with pytest.raises(ValueError, match="`a"):
        lowest_versions({"dependencies": [requirement]})


def test_every_requirement_of_the_project_has_a_lower_bound_and_a_library_one_alone() -> None:
    lowest = lowest_versions(project())
    assert len(lowest) == len(set(requirements(project())))
    without_markers = [each.partition("==")[0] for each in lowest if ";" not in each]
    assert len(without_markers) == len(set(without_markers))


def test_the_table_shows_what_a_user_gets() -> None:
    names = libraries_of_a_run(project())
    assert {"httpx", "google-re2", "openapi-core", "h2", "brotli"} <= set(names)
    assert not {"pytest", "mypy", "ruff"} & set(names)


OUTCOMES = [
    Outcome(Trial(OLD, "newest"), "7 passed", {"click": "8.3.0", "rich": "14"}),
    Outcome(Trial(NEW, "lowest"), "installation failed: no wheel", {"click": "8.1"}, "ERROR: no wheel"),
]


def test_the_table_has_a_column_for_each_trial() -> None:
    assert list(table(OUTCOMES)) == [
        "        3.11.7 newest  3.13.0 lowest",
        "click   8.3.0          8.1",
        "rich    14             -",
        "result  7 passed       FAILED",
    ]
    assert list(table([])) == ["nothing was tried"]


def test_a_trial_ends_with_the_first_step_that_fails(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho ERROR: no room here >&2\nexit 3\n")
    broken.chmod(0o755)
    outcome = run_trial(Trial(Interpreter((3, 12, 1), str(broken)), "lowest"), Plan("quick", 1))
    assert not outcome.passed
    assert outcome.verdict == "environment failed: ERROR: no room here"
    assert outcome.complaint == "ERROR: no room here"
    assert outcome.installed == {}


def test_the_suites_are_there() -> None:
    paths = (each.removeprefix("--ignore=") for suite in SUITES.values() for each in suite)
    assert all((ROOT / path).exists() for path in paths)


def test_the_command_that_is_tried_is_that_of_the_readme() -> None:
    command: list[Any] = readme_command()
    assert command[0] == "arazzo"
    assert command[1] in COMMANDS


def test_the_page_for_developers_and_the_ci_script_call_it_as_it_is() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    script = (ROOT / ".ci" / "run").read_text()
    assert "python scripts/pythons.py" in page
    assert script.count("\n    python scripts/pythons.py ") == 2
