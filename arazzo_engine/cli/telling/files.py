"""What a command writes instead of a screen: to stdout, or to a file that is not there yet.

Decides that nothing is written over.
"""

from __future__ import annotations

from pathlib import Path

import click

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.printable import printable


def write_text(text: str, output: str | None) -> None:
    """Write a text to the file ``output``, or to stdout. Raises ``ArazzoError`` (``option-invalid``)."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with Path(output).open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file"
        message = f"`--output` cannot be written: {output}: {reason.lower()}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that is not there yet")) from error
    click.echo(printable(f"wrote {output}"), err=True)
