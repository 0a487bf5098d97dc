"""The person at the terminal, who is asked to log in when only a person can grant a token.

Decides whether anybody is there: both the input and the messages must be a terminal's.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from arazzo_engine.printable import in_line

if TYPE_CHECKING:
    from arazzo_engine.world.authorizing.desk import Person


class TerminalPerson:
    """Prints what to do to stderr, and opens the page in a browser when there is one."""

    def ask(self, message: str, url: str) -> None:
        """Tell the person what to do, and open the page."""
        click.echo(f"{in_line(message)}:\n  {in_line(url)}", err=True)
        # only what a browser shows: the page comes from a description, and other schemes start programs
        if url.startswith(("https://", "http://")):
            import threading
            import webbrowser

            # some browsers end only when the page is there, and the page waits for this process
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def somebody() -> Person | None:
    """Return the person at the terminal, ``None`` when nobody is there."""
    return TerminalPerson() if sys.stdin.isatty() and sys.stderr.isatty() else None
