"""The page of a diagnostic code in Markdown: what it stands for, why, an example, what to do, and whether that is safe.

Everything it says comes from the table of codes. ``docs/diagnostics.md`` is made of these pages, and code scanning
shows one beside each finding, where no page of the project can be reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostic_codes import CODES
from arazzo_engine.diagnostic_codes.rule import SAFETY

if TYPE_CHECKING:
    from arazzo_engine.diagnostic_codes.rule import Example


def explained(code: str) -> str:
    """Return the page of a code, without its heading."""
    page = CODES[code]
    clause = f" ({page.clause})" if page.clause else ""
    return (
        f"{_sentence(page.summary)}\n\n**Why:** {_sentence(page.why + clause)}\n\n{_example(page.example)}\n\n"
        f"**Fix:** {_sentence(page.fix)}\n\n**Safety of the fix:** {_sentence(SAFETY[page.safety])}\n"
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _example(example: Example | None) -> str:
    if example is None:
        return "Nothing that anybody writes leads to it."
    wrong, right = (f"```text\n{each}\n```" for each in (example.wrong, example.right))
    return f"**Wrong,** {example.home}:\n\n{wrong}\n\n**Right:**\n\n{right}"
