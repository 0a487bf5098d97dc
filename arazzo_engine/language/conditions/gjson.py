"""How a path of gjson is written as JSONPath: ``items.0.id``, ``items.#.id``, ``items.#(id=="3").name``, ``items.#``.

Decides the words of a fix alone; no such path is read as a query, for of several elements it takes the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

_PATH: Final = r"[A-Za-z_][\w\-]*(?:\.(?:[\w\-]+|#(?:\([^()]*\)#?)?))*"
# members, indexes and the sign of all elements
_GJSON: Final = lazy_pattern(_PATH)
_SEGMENT: Final = lazy_pattern(r"#\((?P<asked>[^()]*)\)(?P<all>#?)|(?P<every>#)|(?P<name>[\w\-]+)")
_ASKED: Final = lazy_pattern(r"\s*([\w\-]+)\s*(==|!=|<=|>=|<|>)\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.\-]+))\s*")
_PLAIN: Final = lazy_pattern(r"[A-Za-z_]\w*")
_CONDITION: Final = lazy_pattern(
    rf"\s*(?P<root>\$response\.body\.|\$\.)?(?P<path>{_PATH})"
    r"(?:\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>\"[^\"']*\"|'[^']*'|-?\d+(?:\.\d+)?|true|false|null))?\s*"
)
_ELEMENTS: Final = "#"
_LONGEST: Final = 2_000


def as_jsonpath(text: str) -> str:
    """Return a path of gjson as JSONPath, which may begin with ``$.``; ``""`` for what is none.

    >>> as_jsonpath("items.0.id"), as_jsonpath('$.items.#(id=="3").name')
    ('$.items[0].id', "$.items[?@.id == '3'].name")
    """
    bare = text.removeprefix("$.") if _ELEMENTS in text else text
    if not _GJSON.fullmatch(bare):
        return ""
    return "$" + "".join(map(_segment, _SEGMENT.finditer(bare)))


def as_query(text: str) -> str:
    """Return a query that selects something where a comparison by a path over elements holds, ``""`` for any other.

    >>> as_query("items.# > 0"), as_query('items.#(state=="done").id == 5')
    ('$[?length($.items) > 0]', "$.items[?@.state == 'done' && @.id == 5]")
    """
    found = _CONDITION.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or _ELEMENTS not in found["path"]:
        return ""
    if found["sign"] is None:
        return as_jsonpath(found["path"])
    before, _, behind = found["path"].partition(f".{_ELEMENTS}")
    asked, _, rest = behind.rpartition(")") if behind.startswith("(") else ("", "", behind)
    compared = f"{found['sign']} {_literal(found['value'])}"
    if not behind:
        return f"$[?length({as_jsonpath(before)}) {compared}]"
    rest, test = rest.removeprefix(_ELEMENTS), _test(asked.removeprefix("("))
    if _ELEMENTS in rest or (asked and not test) or not rest:
        return ""
    part = "@" + "".join(map(_segment, _SEGMENT.finditer(rest)))
    return f"{as_jsonpath(before)}[?{f'{test} && ' if test else ''}{part} {compared}]"


def fix_gjson(text: str) -> str:
    """Return how a condition that asks elements as gjson does is written, ``""`` for any other.

    >>> fix_gjson("$response.body.items.#.id == 5")
    'write a criterion of its own: `context: $response.body`, `type: jsonpath`, `condition: $.items[?@.id == 5]`'
    """
    query = as_query(text)
    fields = ("context: $response.body", "type: jsonpath", f"condition: {query}")
    return "write a criterion of its own: " + ", ".join(f"`{each}`" for each in fields) if query else ""


def _segment(match: re.Match[str]) -> str:
    if match["every"]:
        return "[*]"
    if match["name"] is None:
        return f"[?{_test(match['asked']) or '…'}]"
    name = match["name"]
    return f"[{name}]" if name.isdigit() else f".{name}" if _PLAIN.fullmatch(name) else f"['{name}']"


def _test(text: str) -> str:
    asked = _ASKED.fullmatch(text)
    if asked is None:
        return ""
    value = asked[5] if asked[5] is not None else f"'{asked[3] if asked[3] is not None else asked[4]}'"
    return f"@.{asked[1]} {asked[2]} {value}"


def _literal(text: str) -> str:
    return f"'{text[1:-1]}'" if text.startswith('"') else text
