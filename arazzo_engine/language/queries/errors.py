"""Why a query is not valid, told as data.

Decides nothing: what is wrong is found by the modules of each language, and the reader turns it into a diagnostic.
"""

from __future__ import annotations


class QueryError(ValueError):
    """A query does not parse: why, which characters [start, end) when that is known, and how to write it instead."""

    def __init__(self, message: str, span: tuple[int, int] | None = None, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.fix = fix
