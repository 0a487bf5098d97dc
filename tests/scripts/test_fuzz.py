"""Documents that are almost right, a minute of them; ``python scripts/fuzz.py`` goes on for as long as it is told."""

from __future__ import annotations

import json
from random import Random

import pytest
from fuzz import SUBJECTS, try_seed
from mutations import mutate

# cases that were bugs once come first
_SEEDS = (*range(150),)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_document_that_is_almost_right_is_no_bug_of_the_engine(seed: int) -> None:
    assert try_seed(seed) == ""


def test_the_same_seed_changes_the_same() -> None:
    value = {"a": [1, {"b": "c"}], "d": {"e": None}}
    one, other = (mutate(value, Random(7), 3) for _ in range(2))
    assert json.dumps(one) == json.dumps(other)
    assert value == {"a": [1, {"b": "c"}], "d": {"e": None}}


def test_a_bug_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("arazzo_engine.world.engine.check_document", broken)
    assert "ZeroDivisionError" in try_seed(1)
    monkeypatch.undo()
    monkeypatch.setattr("arazzo_engine.machine.interpreter.evaluate_outputs", broken)
    assert any("a bug in the engine" in try_seed(seed) or "ZeroDivisionError" in try_seed(seed) for seed in range(40))


def test_every_subject_is_there() -> None:
    assert len({path for path, _ in SUBJECTS}) == len(SUBJECTS)
