"""The measure of typos: what it draws, what it calls found, and the figure below which it must not fall."""

from __future__ import annotations

from collections import Counter

import pytest
from typos import COUNT, MISSED, REFUSED, SEED, WARNED, WORKFLOW, Typo, effective_typos, main, outcome, what_is_asked

FOUND_AT_LEAST = 170
REFUSED_AT_LEAST = 167


def test_typos_in_the_step_that_takes_the_money_are_found_before_anything_is_sent() -> None:
    counted = Counter(outcome(typo) for typo in effective_typos(SEED, COUNT))
    assert counted.total() == COUNT
    assert counted[REFUSED] + counted[WARNED] >= FOUND_AT_LEAST
    assert counted[REFUSED] >= REFUSED_AT_LEAST


def test_a_seed_draws_the_same_typos_every_time_and_each_once() -> None:
    drawn = [typo.text for typo in effective_typos(7, 20)]
    assert drawn == [typo.text for typo in effective_typos(7, 20)]
    assert len(set(drawn)) == 20
    assert drawn != [typo.text for typo in effective_typos(8, 20)]


@pytest.mark.parametrize(
    ("before", "after", "is_effective"),
    [
        ("Bill the organization", "Bil the organization", False),
        ("stepId: chargeCustomer", "stepId: chargeCustomr", False),
        ("        amount: $", "        amount:  $", False),
        ("amount: $inputs", "amunt: $inputs", True),
        ("- condition: $statusCode == 200\n  outputs", "- condition: $statusCode == 201\n  outputs", True),
        ("  - stepId: chargeCustomer", " - stepId: chargeCustomer", True),
        ("steps:", "steps", True),
    ],
)
def test_a_typo_is_effective_when_the_step_asks_for_something_else(
    before: str, after: str, *, is_effective: bool
) -> None:
    written = WORKFLOW.read_text(encoding="utf-8")
    assert before in written
    assert (what_is_asked(written.replace(before, after, 1)) != what_is_asked(written)) is is_effective


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("        amount: $", "        amunt: $", REFUSED),
        ("        description: $", "        descritpion: $", WARNED),
        ("$statusCode == 200\n  outputs", "$statusCode >= 200\n  outputs", MISSED),
    ],
)
def test_what_is_found_is_told_before_the_first_request(before: str, after: str, found: str) -> None:
    written = WORKFLOW.read_text(encoding="utf-8")
    assert outcome(Typo(written.replace(before, after, 1), "")) == found


def test_what_was_not_refused_is_shown_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "12", "--seed", "1"]) == 0
    first, refused, warned, missed, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith("12 effective typos, seed 1: ")
    counts = [int(each.split()[-1]) for each in (refused, warned, missed)]
    assert sum(counts) == 12
    assert len(lines) == counts[1] + counts[2]
