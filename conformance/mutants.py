"""Runs the suite against changed copies of the engine: ``python -m conformance.mutants [NAME ...]`` from the checkout.

Each mutant of ``mutants.toml`` is one change that makes the engine wrong. It is killed when a case or a row of the
tables comes out otherwise than it does with the engine as it is. The exit code is 1 when one survives that is not named
as a survivor there, or is killed though it is named.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT: Final = Path(__file__).resolve().parent.parent
MUTANTS: Final = Path(__file__).with_name("mutants.toml")
_ENGINE: Final = "arazzo_engine"
_EVERY: Final = "*"
_LIMIT: Final = 900


class MutantError(ValueError):
    """A mutant that does not apply: its text does not stand in its file, or stands there several times."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of the engine: ``old`` stands once in ``file``, ``new`` takes its place."""

    name: str
    says: str
    file: str
    old: str
    new: str
    killed_by: str
    survives: str = ""

    def changed(self, text: str) -> str:
        """Return the text of its file with the change in it."""
        if text.count(self.old) != 1:
            raise MutantError(f"{self.name}: its text stands {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)


def read_mutants(path: Path = MUTANTS) -> list[Mutant]:
    """Return the mutants in their order."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Mutant(name, **{key.replace("-", "_"): each for key, each in entry.items()}) for name, entry in entries.items()
    ]


def is_killed(mutant: Mutant) -> str:
    """Return what finds the mutant, or an empty string when nothing does."""
    with tempfile.TemporaryDirectory(prefix="arazzo-mutant-") as name:
        folder = Path(name)
        shutil.copytree(CHECKOUT / _ENGINE, folder / _ENGINE, ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / _ENGINE / mutant.file
        path.write_text(mutant.changed(path.read_text(encoding="utf-8")), encoding="utf-8")
        for case in (mutant.killed_by, _EVERY):
            found = _surprise_of_cases(folder, case)
            if found:
                return found
        return surprise_of_rows(folder)


def _surprise_of_cases(folder: Path, case: str) -> str:
    command = [sys.executable, str(CHECKOUT / "conformance" / "run.py"), "--fail-fast", "--case", case]
    lines = _run(command, folder).stdout.splitlines()
    return next((line.removeprefix("not as expected: ") for line in lines if line.startswith("not as expected: ")), "")


def surprise_of_rows(folder: Path) -> str:
    """Return what the tables find of the engine in the folder, or an empty string."""
    tests = str(CHECKOUT / "tests" / "conformance" / "test_tables.py")
    # `-P`: without it the engine of the checkout comes first
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", tests]
    done = _run(command, folder)
    failed = next((line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))), "")
    return failed or ("the tables cannot be judged" if done.returncode else "")


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "ARAZZO_CHECKOUT": str(folder)}
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=_LIMIT, check=False
    )


def main() -> int:
    """Run the mutants that are named, or all, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m conformance.mutants", description="Run mutants of the engine.")
    parser.add_argument("name", nargs="*", help="only these mutants")
    names = parser.parse_args().name
    mutants = [each for each in read_mutants() if not names or each.name in names]
    wrong, killed = 0, 0
    for mutant in mutants:
        found = is_killed(mutant)
        killed += bool(found)
        wrong += bool(found) == bool(mutant.survives)
        print(
            f"{'killed  ' if found else 'survived'} {mutant.name}: {found or mutant.survives or mutant.says}",
            flush=True,
        )
    print(f"{killed} of {len(mutants)} killed, {len(mutants) - killed} survived")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
