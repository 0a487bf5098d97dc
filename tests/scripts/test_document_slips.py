"""The measure of single mistakes in documents: what it makes, what it calls found, and what it may not go below."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import places
import pytest
from document_slips import ELSEWHERE, FOUND, MISSED, SEED, Mistake, bundled, main, measured, mistakes, outcome

from arazzo_engine.diagnostics import Location, diagnose

if TYPE_CHECKING:
    from pathlib import Path

_SHOP = places.ROOT / "tests" / "shop" / "orders.arazzo.yaml"
FOUND_AT_LEAST = 0.95


def test_single_mistakes_in_the_documents_of_the_project_are_found_on_their_lines() -> None:
    counted = Counter(found for path in bundled() for _, found in measured(path, SEED, 20))
    assert counted.total() >= 60
    assert counted[FOUND] >= FOUND_AT_LEAST * counted.total()


def test_a_seed_makes_the_same_mistakes_every_time_and_each_once() -> None:
    made = [each.text for each in mistakes(_SHOP, 7, 10)]
    assert made == [each.text for each in mistakes(_SHOP, 7, 10)]
    assert len(set(made)) == 10
    assert made != [each.text for each in mistakes(_SHOP, 8, 10)]


def test_a_mistake_changes_one_line_and_says_which() -> None:
    written = _SHOP.read_text(encoding="utf-8").split("\n")
    for each in mistakes(_SHOP, SEED, 30):
        changed = each.text.split("\n")
        assert [line for line, (one, other) in enumerate(zip(written, changed, strict=True), 1) if one != other] == [
            each.line
        ]
        assert changed[each.line - 1] == each.shown


def test_every_kind_of_mistake_is_made() -> None:
    kinds = {each.kind for path in bundled() for each in mistakes(path, SEED, 40)}
    assert kinds >= {"id", "output", "pointer", "input", "payload member", "header", "dropped field", "wrong type"}


@pytest.mark.parametrize(
    ("kind", "lines", "found"),
    [
        ("id", [5], FOUND),
        ("id", [6], ELSEWHERE),
        ("id", [], MISSED),
        ("dropped field", [4], FOUND),
        ("dropped field", [6], FOUND),
        ("dropped field", [7], ELSEWHERE),
    ],
)
def test_a_mistake_is_found_on_its_line_or_at_the_object_that_lost_a_field(
    kind: str, lines: list[int], found: str
) -> None:
    mistake = Mistake(kind, "", 5, "", 4 if kind == "dropped field" else 5)
    assert outcome(mistake, [diagnose("unknown-step", "", Location("a", line)) for line in lines]) == found


def test_a_document_with_findings_is_not_measured(tmp_path: Path) -> None:
    shutil.copy(_SHOP.with_name("shop-api.yaml"), tmp_path)
    copy = tmp_path / _SHOP.name
    copy.write_text(_SHOP.read_text(encoding="utf-8").replace("$inputs.note", "$inputs.noet"))
    assert list(measured(copy, SEED, 5)) == []


def test_what_was_not_found_on_its_line_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_SHOP), "--count", "12", "--seed", "1"]) == 0
    first, found, elsewhere, missed, *lines = capsys.readouterr().out.splitlines()
    assert first == "12 mistakes, seed 1"
    counts = [int(each.split()[1]) for each in (found, elsewhere, missed)]
    assert sum(counts) == 12
    assert len(lines) == counts[1] + counts[2]
