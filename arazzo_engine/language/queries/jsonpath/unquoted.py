"""Text without quotes behind `==` or `!=` in a JSONPath: `$[?@.state == No such thing]`.

Decides where such a text begins and ends, what is written instead, and the words of a fix where that is not sure. What
may be a text at all is the conditions' to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.json.text import is_json
from arazzo_engine.language.conditions.judgements import quoted
from arazzo_engine.language.conditions.unquoted import is_unquoted
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Collection

_LONGEST: Final = 2_000
# text in quotes, which is left alone, or what is compared, up to what ends a comparison in a query
_COMPARED: Final = lazy_pattern(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|"""
    r"""(?P<sign>[=!]=\s*)(?P<text>[^\s=!<>'"$@&|()\[\]{}]+(?:\s+[^\s=!<>'"$@&|()\[\]{}]+)*)(?=\s*(?:$|&&|\|\||[\])]))"""
)
_OTHERS: Final = {"none": "null", "nil": "null", "undefined": "null", "null": "null", "true": "true", "false": "false"}


def with_quotes_in_query(text: str, others: Collection[str] = ()) -> str:
    """Return a query with each such text in single quotes, unchanged where one may be meant as one of the ``others``.

    >>> with_quotes_in_query("$.items[?@.state == not there yet || @.kind == No such thing]")
    "$.items[?@.state == not there yet || @.kind == 'No such thing']"
    """
    if len(text) > _LONGEST or any(match["text"] in others for match in _COMPARED.finditer(text)):
        return text
    return _COMPARED.sub(_quoted, text)


def lacks_quotes(text: str) -> bool:
    """Whether a query seems to compare such a text."""
    return "=" in text and with_quotes_in_query(text) != text


def fix_compared(text: str) -> str:
    """Return what to write for the first that is compared without quotes, ``""`` when nothing is.

    >>> fix_compared("$[?@.state == None]"), fix_compared("$[?@.state == done]")
    ("write `null` where no value is meant, and `'None'` where a text is", "write `'done'` where a text is meant")
    """
    matches = _COMPARED.finditer(text) if len(text) <= _LONGEST else ()
    return next(filter(None, map(_fix, matches)), "")


def _quoted(match: re.Match[str]) -> str:
    return f"{match['sign']}{quoted(match['text'])}" if _is_text(match) else match[0]


def _is_text(match: re.Match[str]) -> bool:
    return match["text"] is not None and not is_json(match["text"]) and is_unquoted(match["text"])


def _fix(match: re.Match[str]) -> str:
    if _is_text(match):
        return f"write `{quoted(match['text'])}` where a text is meant"
    found = match["text"] or ""
    literal = _OTHERS.get(found.casefold(), found)
    if literal == found:
        return ""
    meant = "no value is meant" if literal == "null" else "that is meant"
    return f"write `{literal}` where {meant}, and `{quoted(found)}` where a text is"
