"""``python scripts/pythons.py``: installs and tests the project on every Python that this machine has.

On each, twice: with the newest version of every library, and with the lowest that pyproject.toml allows. Prints a table
of both, says which Pythons it did not find, and ends with 1 when something failed. ``--help`` lists the choices.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from interpreters import LOOKED_FOR, find_interpreters
from trials import LOWEST, NEWEST, SUITES, Plan, Trial, run_trial

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from interpreters import Interpreter, Minor
    from trials import Outcome

_ALL: Final = "all"
_THIS: Final = "this"
_OTHERS: Final = "others"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials that are asked for, and print what came of them."""
    asked = _parser().parse_args(arguments)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = find_interpreters(sys.executable, os.environ.get("PATH", ""), pyenv)
    print("\n".join(describe(found)), flush=True)
    wanted = asked.python or [_ALL]
    if absent := [each for each in wanted if each not in (_ALL, _THIS, _OTHERS) and not list(chosen(found, [each]))]:
        print(f"not on this machine: {', '.join(absent)}")
        return 1
    trials = [
        Trial(each, versions) for each in chosen(found, wanted) for versions in asked.versions or (NEWEST, LOWEST)
    ]
    outcomes = [_try(trial, Plan(asked.tests, asked.workers)) for trial in trials]
    print("\n".join(table(outcomes)))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Install and test the project on every Python of this machine.")
    parser.add_argument(
        "--python",
        action="append",
        metavar="WHICH",
        help=f"a version such as 3.12, `{_THIS}`, `{_OTHERS}` or `{_ALL}` (the default); may be repeated",
    )
    parser.add_argument(
        "--versions", action="append", choices=(NEWEST, LOWEST), help="of the libraries; both by default"
    )
    parser.add_argument("--tests", choices=SUITES, default="full", help="`quick`: the conformance suite alone")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that run the tests")
    return parser


def describe(found: dict[Minor, Interpreter]) -> Iterator[str]:
    """Yield a line for each Python that was found, and for each that was not."""
    for minor in sorted({*LOOKED_FOR, *found}):
        name = ".".join(map(str, minor))
        yield f"Python {found[minor]}: {found[minor].path}" if minor in found else f"Python {name}: not found"


def chosen(found: dict[Minor, Interpreter], wanted: Iterable[str]) -> Iterator[Interpreter]:
    """Yield the Pythons that are wanted, each once, the oldest first."""
    running = sys.version_info[:2]
    names = set(wanted)
    for minor, interpreter in found.items():
        relation = _THIS if minor == running else _OTHERS
        if names & {_ALL, relation, ".".join(map(str, minor)), str(interpreter)}:
            yield interpreter


def _try(trial: Trial, plan: Plan) -> Outcome:
    print(f"{trial}: trying", file=sys.stderr, flush=True)
    outcome = run_trial(trial, plan)
    print(f"{trial}: {outcome.verdict}", flush=True)
    if not outcome.passed:
        print(outcome.complaint, flush=True)
    return outcome


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of a table: a column for each trial, a row for each library, and what came of the tests."""
    if not outcomes:
        yield "nothing was tried"
        return
    libraries = sorted({name for outcome in outcomes for name in outcome.installed})
    rows = [["", *(str(outcome.trial) for outcome in outcomes)]]
    rows += [[name, *(outcome.installed.get(name, "-") for outcome in outcomes)] for name in libraries]
    rows += [["result", *(outcome.verdict if outcome.passed else "FAILED" for outcome in outcomes)]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
