"""The page of diagnostic codes is made from the tables of codes; ``UPDATE_GOLDEN=1`` writes it."""

from __future__ import annotations

import os
from typing import Final

import places

from arazzo_engine.cli.exit_codes import MEANINGS, exit_code_for
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.reporting.findings.explained import explained

_PAGE: Final = places.ROOT / "docs" / "diagnostics.md"
_HEAD: Final = """\
# Diagnostic codes

Every finding has one of these codes; a code never changes its meaning. `arazzo explain` lists them, and `arazzo explain
CODE` prints one of these pages. The exit code is the one that a command ends with when an error of this code stops it;
where a step fails with it, the run fails. Each page has an example: what leads to the finding, and what to write in its
place; the tests run both. This page is made from the tables in `arazzo_engine/diagnostic_codes/`;
`arazzo_engine/diagnostic_codes/rule.py` says how a code is added.

| code | severity | exit | what it stands for |
|---|---|---|---|
"""


def _row(code: str) -> str:
    entry = CODES[code]
    exit_code = exit_code_for([diagnose(code, "").as_error()])
    cells = (f"[`{code}`](#{code})", entry.severity, str(int(exit_code)), entry.summary)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _section(code: str) -> str:
    return f"\n## `{code}`\n\n{explained(code)}"


def _page() -> str:
    return _HEAD + "".join(map(_row, CODES)) + "".join(map(_section, CODES))


def test_the_page_is_what_the_tables_say() -> None:
    text = _page()
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def test_every_exit_code_of_the_page_has_a_meaning() -> None:
    assert {int(exit_code_for([diagnose(code, "").as_error()])) for code in CODES} <= set(map(int, MEANINGS))
