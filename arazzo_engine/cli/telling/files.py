"""What a command writes instead of a screen: to stdout, or to a file that is not there yet.

Decides that nothing is written over.
"""

from __future__ import annotations

import os

import click

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.printable import printable


def make_folder(output: str) -> None:
    """Make the folder ``output``, if it is not there yet. Raises ``ArazzoError`` (``option-invalid``)."""
    try:
        os.makedirs(output, exist_ok=True)  # noqa: PTH103 - the name is the user's
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no folder"
        message = f"`--output` cannot be written: {output}: {reason.lower()}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a folder that can be written")) from error


def write_text(text: str, output: str | None) -> None:
    """Write a text to the file ``output``, or to stdout. Raises ``ArazzoError`` (``option-invalid``)."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        # what is made of a recording is for its user alone, as the recording is
        number = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123 - with its rights from the first byte
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no file"
        message = f"`--output` cannot be written: {output}: {reason.lower()}"
        raise ArazzoError(diagnose("option-invalid", message, fix="name a file that is not there yet")) from error
    click.echo(printable(f"wrote {output}"), err=True)
