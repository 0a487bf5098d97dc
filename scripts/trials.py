"""One trial: a fresh virtual environment, the project installed in it as a user would, and its tests run.

Decides in which order that happens and what is told of it: the first step that fails ends the trial, and its words are
kept. Which Pythons and which versions are tried is not known here.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from requirements import libraries_of_a_run, lowest_versions

if TYPE_CHECKING:
    from interpreters import Interpreter

ROOT: Final = Path(__file__).resolve().parent.parent
NEWEST: Final = "newest"
LOWEST: Final = "lowest"
# what is run: everything, or what says quickly that documents are read and run as they should be; what judges the
# conformance suite itself says nothing of a Python
_QUICK: Final = ("tests/conformance", "--ignore=tests/conformance/test_mutants.py")
SUITES: Final[dict[str, tuple[str, ...]]] = {"full": ("tests",), "quick": _QUICK}
_README_COMMAND: Final = re.compile(r"^pip install \. && (arazzo .+)$", re.MULTILINE)
# what would lead the new environment to the libraries of another one
_NOT_PASSED_ON: Final = frozenset({"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"})
_SHOWN_LINES: Final = 40

Steps: TypeAlias = tuple[tuple[str, list[str]], ...]


class Trial(NamedTuple):
    """What is tried: a Python, and which versions of the libraries."""

    interpreter: Interpreter
    versions: str

    def __str__(self) -> str:
        return f"{self.interpreter} {self.versions}"


class Plan(NamedTuple):
    """How it is tried: the suite, and with how many processes."""

    suite: str
    workers: int


class Outcome(NamedTuple):
    """What came of it: one line, the versions that were installed, and the words of the step that failed."""

    trial: Trial
    verdict: str
    installed: dict[str, str]
    complaint: str = ""

    @property
    def passed(self) -> bool:
        """Whether every step succeeded."""
        return not self.complaint


def project() -> dict[str, Any]:
    """Return the ``[project]`` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def run_trial(trial: Trial, plan: Plan) -> Outcome:
    """Make the environment, install, and run the README's command and the tests."""
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "constraints.txt"
        constraints.write_text("\n".join(lowest_versions(project())) if trial.versions == LOWEST else "")
        environment = Path(folder) / "environment"
        verdict = ""
        for name, command in _steps(trial, plan, environment, constraints):
            done = _run(command)
            verdict = _last_line(done.stdout, done.stderr)
            if done.returncode != 0:
                words = "\n".join((done.stdout + done.stderr).splitlines()[-_SHOWN_LINES:])
                return Outcome(trial, f"{name} failed: {verdict}", _installed(environment), words)
        return Outcome(trial, verdict, _installed(environment))


def _steps(trial: Trial, plan: Plan, environment: Path, constraints: Path) -> Steps:
    programs = environment / "bin"
    # most modules of the libraries are never imported, and pip would compile them all
    install = [str(programs / "pip"), "install", "--no-compile", "--constraint", str(constraints), f"{ROOT}[test]"]
    # a library without a wheel for this Python is told; to build it would need its compiler and its own libraries
    wheels = ["--only-binary", ":all:"] if trial.versions == LOWEST else []
    # the program of pytest, not `python -m`: that would find the package beside the tests, not what was installed
    suite = [str(programs / "pytest"), "-q", "-n", str(plan.workers), "-p", "no:cacheprovider", *SUITES[plan.suite]]
    return (
        ("environment", [trial.interpreter.path, "-m", "venv", str(environment)]),
        ("installation", [*install, *wheels]),
        ("first command", [str(programs / "arazzo"), *readme_command()[1:]]),
        ("tests", suite),
    )


def readme_command() -> list[str]:
    """Return the command that README.md gives to a new user, after the installation."""
    found = _README_COMMAND.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("README.md has no line `pip install . && arazzo ...`")
    return shlex.split(found[1])


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)


def _last_line(out: str, err: str) -> str:
    errors = [line for line in err.splitlines() if line.startswith("ERROR:")]
    lines = errors or [line for line in out.splitlines() if line.strip()]
    return lines[0] if errors else re.sub(r" in [\d.]+s.*| ?=+ ?", "", lines[-1] if lines else "")


def _installed(environment: Path) -> dict[str, str]:
    """Return the versions of what a user gets."""
    if not (environment / "bin" / "pip").exists():
        return {}
    done = _run([str(environment / "bin" / "pip"), "list", "--format", "json"])
    listed = {each["name"].lower().replace("_", "-"): each["version"] for each in json.loads(done.stdout or "[]")}
    return {name: listed[name] for name in libraries_of_a_run(project()) if name in listed}
