"""A file that is called almost as one that is not there.

Decides what is a slip of the keys and what is another file. A file is offered only when a description could be in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.caching.questions import question

_ENDINGS: Final = frozenset({".yaml", ".yml", ".json", ""})
# so many letters, and one that is wrong, are no coincidence
_SURE: Final = 5
# bytes of a file that is looked into
LARGEST: Final = 20_000_000
_DESCRIBES: Final = lazy_pattern(rb"openapi|swagger|arazzo|asyncapi")


@question
def similar_file(path: Path) -> Path | None:
    """Return the file beside ``path`` that was meant, ``None`` when there is none."""
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_file())
    except OSError:
        return None
    alike = (path.parent / each for each in names if _is_same_name(each, path.name))
    return next(filter(describes, alike), None)


@question
def describes(path: Path) -> bool:
    """Whether a file says that it is a description."""
    try:
        is_small = path.is_file() and path.stat().st_size <= LARGEST
        return is_small and _DESCRIBES.search(path.read_bytes()) is not None
    except (OSError, ValueError):
        return False  # a name that no file has


def _is_same_name(found: str, wanted: str) -> bool:
    """Whether a file is called what was meant: another ending, case or separator, or one letter beside it."""
    one, other = Path(found.lower()), Path(wanted.lower())
    if one.suffix != other.suffix and not {one.suffix, other.suffix} <= _ENDINGS:
        return False
    stems = [re.sub(r"[\s._-]+", "", each.stem) for each in (one, other)]
    return stems[0] == stems[1] or (min(map(len, stems)) >= _SURE and _is_one_letter_off(stems[0], stems[1]))


def _is_one_letter_off(one: str, other: str) -> bool:
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    differing = one[start : len(one) - end], other[start : len(other) - end]
    swapped = len(differing[0]) == 2 and differing[0] == differing[1][::-1]  # noqa: PLR2004 - two letters
    # another digit is another version, and an `s` at the end another thing
    is_plural = not end and set(differing) == {"", "s"}
    return (swapped or max(map(len, differing)) == 1) and "".join(differing).isalpha() and not is_plural


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    differing = (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))
