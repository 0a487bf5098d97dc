"""What a recording costs a run, the time of the disk aside: the same run beside it, without one."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from arazzo_engine import Engine
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps

if TYPE_CHECKING:
    from arazzo_engine import Program

_INPUTS: Final = {"name": "first"}


def compare_recorded(url: str, steps: int, rounds: int) -> Comparison:
    """A workflow of many steps, recorded and not; what is written waits for no disk."""
    with TemporaryDirectory() as folder:
        base = Path(folder) / "steps.json"
        (base.parent / "api.json").write_text(description_text())
        documents = many_steps(steps), base
        recorded, plain = (
            Engine(servers=url, max_steps=steps, record=place).load(documents[0], base=documents[1])
            for place in (Path(folder) / "runs/", None)
        )
        (base.parent / "runs").mkdir()
        with patch("os.fsync", lambda _: None):
            name = f"{steps} steps recorded, fsync aside / not recorded, per step"
            return compare(name, lambda: _run(recorded), lambda: _run(plain), rounds=rounds, work=steps)


def _run(program: Program) -> None:
    report = program.run(inputs=_INPUTS)
    assert report.succeeded, report
