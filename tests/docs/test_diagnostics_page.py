"""The page of diagnostic codes is made from the table of codes; ``UPDATE_GOLDEN=1`` writes it."""

from __future__ import annotations

import os
from typing import Final

import places

from arazzo_engine.cli.exit_codes import MEANINGS, exit_code_for
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostics import diagnose

_PAGE: Final = places.ROOT / "docs" / "diagnostics.md"
_HEAD: Final = """\
# Diagnostic codes

Every finding has one of these codes; a code never changes its meaning. `arazzo explain CODE` prints a row. The exit
code is that of a command which an error of this code keeps from doing its work; a step that fails with it during a run
makes the run fail. This page is made from the table in `arazzo_engine/diagnostic_codes.py`.

| code | severity | exit | what it stands for | why it is a problem |
|---|---|---|---|---|
"""


def _row(code: str) -> str:
    entry = CODES[code]
    why = f"{entry.why} ({entry.clause})" if entry.clause else entry.why
    exit_code = exit_code_for([diagnose(code, "").as_error()])
    cells = (f"`{code}`", entry.severity, str(int(exit_code)), entry.summary, why)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def test_the_page_is_what_the_table_says() -> None:
    text = _HEAD + "".join(map(_row, CODES))
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def test_every_exit_code_of_the_page_has_a_meaning() -> None:
    assert {int(exit_code_for([diagnose(code, "").as_error()])) for code in CODES} <= set(map(int, MEANINGS))
