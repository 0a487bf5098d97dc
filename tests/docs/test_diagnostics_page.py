"""The page of diagnostic codes is made from the tables of codes and examples; ``UPDATE_GOLDEN=1`` writes it."""

from __future__ import annotations

import os
from typing import Final

import places

from arazzo_engine.cli.exit_codes import MEANINGS, exit_code_for
from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_examples import EXAMPLES
from arazzo_engine.diagnostics import diagnose

_PAGE: Final = places.ROOT / "docs" / "diagnostics.md"
_HEAD: Final = """\
# Diagnostic codes

Every finding has one of these codes; a code never changes its meaning. `arazzo explain CODE` prints a row and its
example. The exit code is that of a command which an error of this code keeps from doing its work; a step that fails
with it during a run makes the run fail. This page is made from the tables in `arazzo_engine/diagnostic_codes.py`,
`arazzo_engine/diagnostic_rows.py` and `arazzo_engine/diagnostic_examples.py`.

| code | severity | exit | what it stands for | why it is a problem |
|---|---|---|---|---|
"""


_EXAMPLES: Final = """
## An example of each

The part that leads to the finding, and what stands in its place otherwise; `tests/cli/test_mistakes.py` runs both.
No document and no command leads to {}.
"""


def _row(code: str) -> str:
    entry = CODES[code]
    why = f"{entry.why} ({entry.clause})" if entry.clause else entry.why
    exit_code = exit_code_for([diagnose(code, "").as_error()])
    cells = (f"`{code}`", entry.severity, str(int(exit_code)), entry.summary, why)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _example(code: str) -> str:
    example = EXAMPLES[code]
    return (
        f"\n### `{code}`\n\n{CODES[code].summary[0].upper()}{CODES[code].summary[1:]}.\n\n"
        f"Wrong, {example.home}:\n\n```text\n{example.wrong}\n```\n\n"
        f"Right:\n\n```text\n{example.right}\n```\n"
    )


def _page() -> str:
    without = " and ".join(f"`{code}`" for code in CODES if code not in EXAMPLES)
    rows, examples = "".join(map(_row, CODES)), "".join(map(_example, EXAMPLES))
    return _HEAD + rows + _EXAMPLES.format(without) + examples


def test_the_page_is_what_the_tables_say() -> None:
    text = _page()
    if "UPDATE_GOLDEN" in os.environ:
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def test_every_exit_code_of_the_page_has_a_meaning() -> None:
    assert {int(exit_code_for([diagnose(code, "").as_error()])) for code in CODES} <= set(map(int, MEANINGS))
