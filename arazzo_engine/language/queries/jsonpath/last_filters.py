"""Filters that a JSONPath ends with, but for names: what they ask of each node, and the same asked of the value itself.

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
_FILTER: Final = lazy_pattern(
    r"\s*(?P<value>\$(?:\s*(?:\.\s*[^\W\d][\w\-]*|\[\s*(?:'[^'\\]*'|\"[^\"\\]*\"|-?\d+)\s*\]))*)"
    r"(?P<all>\s*(?:\.\s*\*|\[\s*\*\s*\]))?\s*\[\s*\?(?P<test>.*?)\]"
    r"(?P<rest>(?:\s*(?:\.\s*[^\W\d][\w\-]*|\[\s*(?:'[^'\\]*'|\"[^\"\\]*\")\s*\]))*)\s*",
    re.DOTALL,
)
_INNER: Final = lazy_pattern(r"\[\s*\?")
_BRACKET: Final = lazy_pattern(r"[\[\]]")
_PART: Final = lazy_pattern(r"(?P<name>[^\W\d][\w\-]*)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<index>-?\d+)")
_TEXT: Final = lazy_pattern(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_TOKEN: Final = lazy_pattern(
    rf"(?P<text>{_TEXT.pattern})"
    r"|@\s*(?:\.\s*(?P<dotted>[^\W\d][\w\-]*)|\[\s*(?:'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\")\s*\])"
    r"|(?P<other>[@$]|\?)"
)


class LastFilter(Struct, frozen=True):
    """The names of the members that a filter asks for, and the query that asks the value itself for them.

    One ``of_all`` looks at each part of that value, behind a wildcard, and ``of_parts`` is without it.
    """

    names: tuple[str, ...]
    of_itself: str
    value: str = "$"
    of_parts: str = ""

    @property
    def of_all(self) -> bool:
        """Whether the filter stands behind a wildcard."""
        return bool(self.of_parts)

    @property
    def path(self) -> tuple[str, ...]:
        """The names and indexes that lead to the value; each element that is counted from the end is the first."""
        return tuple(_path(self.value))


def asks_nodes(text: str) -> bool:
    """Whether a query has a filter that asks each node, and not only the value that it begins with."""
    return "@" in _TEXT.sub("", text)


def last_filter(text: str) -> LastFilter | None:
    """Return what a query asks of each node when the last of it is its only filter, but for those within, behind names.

    What names behind the filter ask for is asked of each node, too.

    >>> last_filter("$[?@.title == 'a@b']").of_itself
    "$[?$.title == 'a@b']"
    >>> last_filter("$.items[0][?@.title]").path, last_filter("$.items[0][?@.title]").of_itself
    (('items', '0'), '$[?$.items[0].title]')
    >>> last_filter("$.items[*][?@.title]").of_parts
    '$.items[?@.title]'
    >>> last_filter("$[?@.title == 'a'].id").names, last_filter("$[?@.title == 'a'].id").of_itself
    (('title', 'id'), "$[?($.title == 'a') && $.id]")
    >>> last_filter("$[?@.items[?@.id == 'a']]").names, last_filter("$[?@.items[?@.id == 'a']]").of_itself
    (('items',), "$[?$.items[?@.id == 'a']]")
    """
    found = _FILTER.fullmatch(text)
    if found is None:
        return None
    tokens = list(_TOKEN.finditer(_without_inner(found["test"])))
    is_last = not any(each["other"] for each in tokens) and _is_whole(found["test"])
    names = tuple(_names(tokens)) if is_last else ()
    if not names:
        return None
    value, rest = found["value"], found["rest"]
    test = _asked_of(value, found["test"], tokens)
    return LastFilter(
        (*names, *list(_path(rest))[:1]),
        f"$[?({test}) && {value}{rest}]" if rest else f"$[?{test}]",
        value,
        f"{value}[?{found['test']}]{rest}" if found["all"] else "",
    )


def _without_inner(test: str) -> str:
    """Return a test with a text of the same length for each filter within it: what `@` is there is no matter of this.

    One that names the root, or has no end, stays, and what follows it is left out.
    """
    bare = _TEXT.sub(lambda each: "'" * len(each[0]), test)
    kept, done = [], 0
    while found := _INNER.search(bare, done):
        end = _end_of_bracket(bare, found.start())
        is_inner = end > 0 and "$" not in bare[found.start() : end]
        kept += [test[done : found.start()], f"'{'?' * (end - found.start() - 2)}'" if is_inner else found[0]]
        done = end if is_inner else len(test)
    return "".join((*kept, test[done:]))


def _end_of_bracket(bare: str, start: int) -> int:
    """Return where what a bracket opens ends, 0 where it does not."""
    depth = 0
    for each in _BRACKET.finditer(bare, start):
        depth += 1 if each[0] == "[" else -1
        if depth == 0:
            return each.end()
    return 0


def _asked_of(value: str, test: str, tokens: list[re.Match[str]]) -> str:
    """Return a test that asks a value in place of each node."""
    asked, end = "", 0
    for each in tokens:
        if each[0].startswith("@"):
            asked, end = f"{asked}{test[end : each.start()]}{value}", each.start() + 1
    return asked + test[end:]


def _is_whole(test: str) -> bool:
    """Whether a test does not end before its text: `$[?@.links]['next']` goes on behind its filter."""
    depth = 0
    for mark in re.findall(r"[\[\]]", _TEXT.sub("", test)):
        depth += 1 if mark == "[" else -1
        if depth < 0:
            return False
    return depth == 0


def _path(value: str) -> Iterator[str]:
    for each in _PART.finditer(value):
        yield "0" if (each["index"] or "").startswith("-") else next(part for part in each.groups() if part is not None)


def _names(tokens: list[re.Match[str]]) -> Iterator[str]:
    for each in tokens:
        if each[0].startswith("@"):
            yield next(name for name in (each["dotted"], each["single"], each["double"]) if name is not None)
