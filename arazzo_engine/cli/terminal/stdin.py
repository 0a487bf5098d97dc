"""A document that is piped in: what stands for it among the locations, what it is called, and where it could be.

Decides what cannot be meant. What the document says is not known here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from arazzo_engine.reporting.findings.checks import PIPED

# the location that is stdin
STDIN: Final = "-"


def read_document(location: str, base: str | None, inputs_file: str | None = None) -> tuple[str | None, str | None]:
    """Return the text of a document from stdin, and where it could have come from; nothing for one that has a place.

    Where that is a folder, it is named as a file in it, which nothing else is called.
    Raises ``click.UsageError`` for what cannot be meant.
    """
    if location != STDIN:
        if base is not None:
            raise click.UsageError("`--base` is for a document from stdin, which is named `-`")
        return None, None
    if inputs_file == STDIN:
        raise click.UsageError("the document and the inputs cannot both come from stdin: name a file for one of them")
    return sys.stdin.read(), _named(base or "")


def _named(base: str) -> str:
    return str(Path(base) / PIPED) if Path(base).is_dir() else base
