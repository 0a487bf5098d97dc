"""The names that expressions of Arazzo 1.1 can name, and what to write where a document has others.

1.1.0: "step-id = identifier-strict"; 1.0.1 allowed any characters. What has such a name is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SOURCES: Final = "$sourceDescriptions."


def strict_id(text: str) -> str:
    """Return an id that an expression of 1.1 can name, and that is as near to a text as it can be.

    >>> strict_id("find a pet"), strict_id("find-pets")
    ('find-a-pet', 'find-pets')
    """
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)


def fix_naming(text: str, names: Iterable[str]) -> tuple[str, bool]:
    """Return what to write for a text that may name a source, and whether nothing else has to be written with it.

    An expression of 1.1 can name no source with a space or a dot in its name: that one is to have another name first.

    >>> fix_naming("$sourceDescriptions.api.list", ["api"])
    ('write `$sourceDescriptions.api.list`', True)
    >>> fix_naming("$sourceDescriptions.my api.list", ["my api"])
    ('name the source `my-api`, and write `$sourceDescriptions.my-api.list`', False)
    """
    name = max((each for each in names if f"{_SOURCES}{each}." in text), key=len, default="")
    if strict_id(name) == name:
        return f"write `{text}`", True
    written = text.replace(f"{_SOURCES}{name}.", f"{_SOURCES}{strict_id(name)}.")
    return f"name the source `{strict_id(name)}`, and write `{written}`", False
