"""Texts that test suites of SDKs write for a value: ``x-file: a.png`` is a file beside them, ``x-env: KEY`` a variable.

Decides which texts those are, and how the same is said by an input. By the specification they are text.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.patterns import lazy_pattern

_SUITE: Final = lazy_pattern(
    r"\s*x-(?P<kind>file|env):[^\S\n]*(?P<named>[^\s;][^\n;]{0,200})?(?:;\s*(?P<default>.*))?\s*"
)
_NO_NAME: Final = lazy_pattern(r"[^A-Za-z0-9_-]+")
_UNDONE: Final = {"file": "no file is read", "env": "no variable of the environment is read"}


class SuiteText(Struct, frozen=True):
    """Such a text: the file or variable that it names, its ``default``, and what is not done for it."""

    named: str
    is_file: bool
    default: str
    undone: str

    @property
    def input(self) -> str:
        """The name of the input that says the same."""
        return _NO_NAME.sub("_", self.named)

    @property
    def instead(self) -> str:
        """How the same is said by an input."""
        name = self.input or "<name>"
        given = f"{name}=@{self.named or '<path>'}" if self.is_file else f'{name}="${self.named or "VARIABLE"}"'
        default = f" with `default: {write_scalar(self.default)}`" if self.default else ""
        return f"declare an input `{name}`{default}, read it by `$inputs.{name}`, and give it with `-i {given}`"


def read_suite_text(text: str) -> SuiteText | None:
    """Return what a text of that kind names, ``None`` for any other.

    >>> read_suite_text("x-env: KEY; none").instead
    'declare an input `KEY` with `default: none`, read it by `$inputs.KEY`, and give it with `-i KEY="$KEY"`'
    >>> read_suite_text("x-file: a b.png").input, read_suite_text("x-files: a")
    ('a_b_png', None)
    """
    match = _SUITE.fullmatch(text) if "x-" in text else None
    if match is None:
        return None
    kind = match["kind"]
    return SuiteText((match["named"] or "").rstrip(), kind == "file", (match["default"] or "").rstrip(), _UNDONE[kind])
