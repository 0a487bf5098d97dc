"""All diagnostic codes in one table, sorted. A code is never renamed and never used for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostic_codes import (
    access,
    expressions,
    flow,
    inputs,
    keeping,
    objects,
    operations,
    projects,
    rehearsing,
    requests,
    running,
    texts,
    types,
)

if TYPE_CHECKING:
    from arazzo_engine.diagnostic_codes.rule import Code

_KINDS: Final = (
    texts,
    objects,
    expressions,
    operations,
    requests,
    types,
    flow,
    inputs,
    access,
    projects,
    running,
    rehearsing,
    keeping,
)

CODES: Final[dict[str, Code]] = dict(sorted((code, each) for kind in _KINDS for code, each in kind.RULES.items()))
