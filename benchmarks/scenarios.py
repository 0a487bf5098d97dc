"""Scenarios in one process, beside parsing the text of each alone."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from arazzo_engine.world.authoring.testing import Bench
from benchmarks.comparing import Comparison, compare
from benchmarks.generated import description_text, many_steps


def compare_scenarios(count: int, steps: int, rounds: int) -> Comparison:
    """Many scenarios of one document, each with its answers and what it expects, beside PyYAML's loading of them."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "api.json").write_text(description_text())
        (Path(folder) / "steps.json").write_text(many_steps(steps))
        texts = {Path(folder) / f"{number}.scenario.yaml": _scenario(number, steps) for number in range(count)}
        for path, text in texts.items():
            path.write_text(text)

        def engine() -> None:
            verdicts = Bench().verdicts(list(texts)).all
            assert len(verdicts) == count
            assert all(each.passed for each in verdicts)

        def floor() -> None:
            for text in texts.values():
                yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

        name = f"{count} scenarios of {steps} steps / yaml.load, each"
        return compare(name, engine, floor, rounds=rounds, work=count)


def _scenario(number: int, steps: int) -> str:
    """Return a scenario whose last request must send what the answer before it says."""
    answers = "".join(f"  step{at}: {{status: 200, body: {{state: s{at}}}}}\n" for at in range(steps))
    return (
        f"scenario: 1\nname: number {number}\ndocument: steps.json\ninputs: {{name: n{number}}}\n"
        f"answers:\n{answers}expect:\n  outcome: succeeded\n  requests:\n"
        f"    step0: {{body: {{name: n{number}}}}}\n    step{steps - 1}: {{body: {{name: s{steps - 2}}}}}\n"
    )
