"""What other linters find in an Arazzo document, ours finds; the page of their rules says how. ``UPDATE_GOLDEN=1``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import places
import pytest
from redocly_rules import REDOCLY
from spectral_rules import SPECTRAL
from vacuum_rules import VACUUM

from arazzo_engine import Engine
from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from linter_rule import Edit, Rule

LINTERS: Final = {"Redocly CLI": REDOCLY, "Spectral": SPECTRAL, "vacuum": VACUUM}
_PAGE: Final = places.ROOT / "docs" / "rules.md"
_SHOP: Final = (places.SHOP / "orders.arazzo.yaml").read_text()
_CASES: Final = [
    pytest.param(code, edits, id=f"{rule.name}-{number}")
    for rules in LINTERS.values()
    for rule in rules
    for number, (code, edits) in enumerate(rule.cases, 1)
]
_HEAD: Final = """\
# The rules of other linters

What other linters for Arazzo documents find, `arazzo validate` finds: for each of their rules, by its name, what it is
about and which [codes](diagnostics.md) of ours tell it. This page is made from three tables,
`tests/linters/redocly_rules.py`, `tests/linters/spectral_rules.py` and `tests/linters/vacuum_rules.py`, which have a
wrong document for each; the tests validate them. The rules are those of Redocly CLI up to 2.83, of Spectral's ruleset
1.23 for Arazzo and of vacuum in November 2026. Where a mistake has one reading, it is read so and told as
[`repaired`](diagnostics.md#repaired). Where there is no code, the last column says why.
"""


def _codes(folder: Path, edits: tuple[Edit, ...]) -> list[str]:
    text = _SHOP
    for old, new in edits:
        assert old in text, f"the edit matches nothing: {old!r}"
        text = text.replace(old, new, 1)
    description = (places.SHOP / "shop-api.yaml").read_text()
    (folder / "shop-api.yaml").write_text(description)
    (folder / "other-api.yaml").write_text(
        description.replace("A shop", "Another").replace("shop.example", "other.example")
    )
    (folder / "orders.arazzo.yaml").write_text(text)
    with Engine() as engine:
        return [each.code for each in engine.validate(folder / "orders.arazzo.yaml")]


@pytest.mark.parametrize(("code", "edits"), _CASES)
def test_what_the_rule_finds_is_found(code: str, edits: tuple[Edit, ...], tmp_path: Path) -> None:
    assert {code, "repaired"} & set(_codes(tmp_path, edits))


def test_the_document_without_the_mistakes_has_no_finding(tmp_path: Path) -> None:
    assert _codes(tmp_path, ()) == []


@pytest.mark.parametrize("rule", [rule for rules in LINTERS.values() for rule in rules], ids=lambda rule: rule.name)
def test_a_rule_has_cases_or_an_answer(rule: Rule) -> None:
    assert bool(rule.cases) != bool(rule.answer)
    assert {code for code, _ in rule.cases} <= set(CODES)


def test_the_names_are_sorted_in_no_way_but_each_is_there_once() -> None:
    for rules in LINTERS.values():
        assert len({rule.name for rule in rules}) == len(rules)


def _row(rule: Rule) -> str:
    codes = dict.fromkeys(code for code, _ in rule.cases)
    found = ", ".join(f"[`{code}`](diagnostics.md#{code})" for code in codes) or "none"
    names = ", ".join(f"`{name}`" for name in rule.name.split(", "))
    return f"| {names} | {rule.finds} | {found} | {rule.answer or rule.note} |\n"


def _page() -> str:
    tables = (
        f"\n## {linter}\n\n| rule | finds | ours | remarks |\n|---|---|---|---|\n{''.join(map(_row, rules))}"
        for linter, rules in LINTERS.items()
    )
    return _HEAD + "".join(tables)


def test_the_page_is_what_the_table_says() -> None:
    text = _page()
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text
