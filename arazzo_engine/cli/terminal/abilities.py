"""What a stream can show: colours, marks beyond ASCII, lines that are painted over.

Decides it from the stream and from what the environment says of it: a pipe gets neither colours nor anything painted,
unless colours are asked for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.reporting.lines import marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

_MARKS: Final = f"{marks.PASSED}{marks.FAILED}{marks.PAUSED}{marks.OPENED}{marks.LED}{marks.FRAMES}·…│"
_PLAIN_LOCALES: Final = frozenset({"C", "POSIX"})
_NO: Final = frozenset({"", "0", "false", "no"})


def colours_by(environment: Mapping[str, str]) -> bool | None:
    """Return whether the environment asks for colours, or refuses them; ``None`` when it says nothing.

    >>> colours_by({"NO_COLOR": "1"}), colours_by({"FORCE_COLOR": "1"}), colours_by({"CLICOLOR_FORCE": "0"})
    (False, True, None)
    """
    # no-color.org: "when present and not an empty string", it "prevents the addition of ANSI color"
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "").lower() not in _NO for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    is_refused = environment.get("TERM") == "dumb" or environment.get("CLICOLOR") == "0"
    return False if is_refused or environment.get("FORCE_COLOR") == "0" else None


def has_colours(stream: TextIO) -> bool:
    """Whether what is written to a stream is coloured."""
    context = click.get_current_context(silent=True)
    asked = None if context is None else context.color
    return stream.isatty() if asked is None else asked


def is_ascii(stream: TextIO) -> bool:
    """Whether a stream shows ASCII alone."""
    # Python writes UTF-8 in the plain locale, whatever its terminal can show
    if os.environ.get("LC_ALL") in _PLAIN_LOCALES:
        return True
    try:
        _MARKS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def paints(stream: TextIO) -> bool:
    """Whether lines of a stream can be painted over: it is a terminal that moves its cursor."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb" and os.name != "nt"
