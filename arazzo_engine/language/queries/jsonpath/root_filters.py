"""Filters at the root of a JSONPath: what they ask of each node, and the same asked of the root itself.

Decides by the text of the query alone: a filter over an object looks at its members, and what is asked of each may have
been meant for the object. Whether it was, is for others to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

# RFC 9535, section 2.3.5: "A filter selector tests each of an array's elements or an object's members"
_FILTER: Final = lazy_pattern(r"\s*\$\s*\[\s*\?(?P<test>.*)\]\s*", re.DOTALL)
_TOKEN: Final = lazy_pattern(
    r"(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|@\s*(?:\.\s*(?P<dotted>[^\W\d][\w\-]*)|\[\s*(?:'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\")\s*\])"
    r"|(?P<negated>!|count\s*\()|(?P<other>[@$]|\?)"
)


class RootFilter(Struct, frozen=True):
    """The names of the members that a filter asks for, and the query that asks the root for them.

    One that ``is_negated`` may be passed by a node that has no such member.
    """

    names: tuple[str, ...]
    of_root: str
    is_negated: bool = False


def root_filter(text: str) -> RootFilter | None:
    """Return what a query asks of each node when it is one filter at the root.

    >>> root_filter("$[?@.title == 'a@b']")
    RootFilter(names=('title',), of_root="$[?$.title == 'a@b']", is_negated=False)
    >>> root_filter("$.items[?@.title]"), root_filter("$[?!@.title]").is_negated
    (None, True)
    """
    found = _FILTER.fullmatch(text)
    if found is None:
        return None
    tokens = list(_TOKEN.finditer(found["test"]))
    if any(each["other"] for each in tokens):
        return None
    names = tuple(_names(tokens))
    at = found.start("test")
    signs = [at + each.start() for each in tokens if each[0].startswith("@")]
    of_root = "".join("$" if index in signs else sign for index, sign in enumerate(text))
    # a node that has no such member passes what is negated, and a count of nothing is a number
    return RootFilter(names, of_root, any(each["negated"] for each in tokens)) if names else None


def _names(tokens: list[re.Match[str]]) -> Iterator[str]:
    for each in tokens:
        if each[0].startswith("@"):
            yield next(name for name in (each["dotted"], each["single"], each["double"]) if name is not None)
