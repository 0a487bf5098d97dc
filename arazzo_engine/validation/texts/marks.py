"""Names alone between the marks of another tool, as `<username>`, `:username` or `%username%`.

Decides which of them stand for a value: a text that is nothing else and has the name of an input, or of an output of an
earlier step. The same marks around another name are what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.texts.names import ExistingNames

_NAME: Final = r"\s*([A-Za-z_][\w\-]*)\s*"
_AROUND: Final = (
    (r"\$?\{", r"\}"),
    (r"\$?\{\{", r"\}\}"),
    (r"#\{", r"\}"),
    (r"\$\(", r"\)"),
    ("<", ">"),
    ("<<", ">>"),
    (r"\[\[", r"\]\]"),
    ("%", "%"),
    (":", ""),
)
_MARKED: Final = lazy_pattern("|".join(f"{before}{_NAME}{after}" for before, after in _AROUND))


def find_marked(text: str, names: ExistingNames, at: Pointer) -> str | None:
    """Return the expression of what the name between marks says at a place, ``None`` for any other text."""
    match = _MARKED.fullmatch(text)
    name = next(filter(None, match.groups()), None) if match is not None else None
    return None if name is None else names.alone(name, at)
