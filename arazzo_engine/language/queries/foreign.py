"""How a query of another language is written as JSONPath: paths of gjson, and conditions where a query should stand.

Decides the words of a fix alone; no such text is read as a query.
"""

from __future__ import annotations

import re
from typing import Final

from arazzo_engine.language.conditions.foreign import fix_operator
from arazzo_engine.language.conditions.gjson import as_jsonpath, as_query
from arazzo_engine.language.queries.jsonpath.unquoted import fix_compared, with_quotes_in_query
from arazzo_engine.patterns import lazy_pattern

_COMPARED: Final = lazy_pattern(
    r"\s*(?P<path>(?:[^\s=<>!()]|\([^()]*\))+)\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>\S.*?)\s*", re.DOTALL
)
_BY_NAME: Final = lazy_pattern(
    r"\s*(?P<before>\$[\w.\[\]]*?)\[\?\(?\s*@property\s*={2,3}\s*(?P<quote>['\"])(?P<name>[^'\"\\]+)(?P=quote)\s*\)?\]\s*"
)
_OF_LISTS: Final = frozenset({"contains", "includes"})
_SEARCHED: Final = lazy_pattern(
    r"\s*(?P<path>\$?[.\w\-#\[\]*]+)(?:\s+(?P<word>contains|includes|matches)\s+|\s*(?:=~|~=)\s*)(?P<value>'[^']*'|\"[^\"']*\"|/[^/']*/|[\w.\-]+)\s*"
)
_NODE: Final = r"(?P<{0}>@[\w.\-\[\]'\"]*?)"
_FOUND: Final = r"(?P<{0}>'[^']*'|\"[^\"]*\"|/(?:[^/\\]|\\.)*/[a-z]*)"
# the same within a filter: an operator, a method of the text, a function
_SEARCHED_WITHIN: Final = lazy_pattern(
    rf"{_NODE.format('of')}(?:\s+(?P<word>contains|includes|matches)\s+|\s*(?P<match>=~)\s*){_FOUND.format('value')}"
    rf"|{_NODE.format('its')}\.(?P<method>contains|includes|match|matches)\(\s*{_FOUND.format('given')}\s*\)"
    rf"|(?P<function>contains|includes|matches)\(\s*{_NODE.format('first')}\s*,\s*{_FOUND.format('second')}\s*\)"
)
# a comparison of what several nodes have: each of a list, or each at any depth
_OF_SEVERAL: Final = lazy_pattern(
    r"\s*(?P<before>\$[^\s=<>!()]*)(?:\[\*\]|\.\*|(?P<deep>\.\.)(?=[A-Za-z_]))"
    r"(?P<part>(?:\.?[A-Za-z_]\w*|\[\d+\]|\['[^']*'\])*)"
    r"\s*(?P<sign>==|!=|<=|>=|<|>|\s(?:contains|includes|matches)\s)\s*(?P<value>'[^']*'|\"[^\"']*\"|/[^/']*/|[\w.\-]+)\s*"
)
_OF_WHOLE: Final = lazy_pattern(
    r"\s*(?:length|count)\(\s*(?P<of>\$[^()]*?)\s*\)\s*(?P<compared>(?:==|!=|<=|>=|<|>)\s*-?[\d.]+\s*)?"
)
_FLAGS: Final = "dgimsuvxy"
# what a pattern reads as a sign of its own
_SPECIAL: Final = lazy_pattern(r"[.*+?()|{}$]")
_SIGNS: Final = frozenset({"==", "!=", "<=", ">=", "<", ">"})
_PLAIN: Final = lazy_pattern(r"[A-Za-z_]\w*")
# a text of several words that lacks its quotes
_WORDS: Final = lazy_pattern(r"[A-Za-z]\w*(?: \w+)+")
_LONGEST: Final = 2_000
# an input or output that is named without braces
NAMED: Final = (
    r"(?<![{\\$])\$(?:inputs\.[\w\-]+|(?:steps|workflows)\.[\w\-]+\.outputs\.[\w\-]+)(?:#(?:/[\w\-~]+)+)?"
    r"(?![.#]?[\w\[{]|[.#]/|\})"
)
# a string of JSONPath or XPath, or an expression that stands alone
PARTS: Final = lazy_pattern(rf"(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<named>{NAMED})", re.DOTALL)


def fix_query(text: str) -> str:
    """Return how a text that is no JSONPath is written as one, ``""`` when it is of no language that is known.

    >>> fix_query("items.0.id"), fix_query("items.#.id"), fix_query('items.#(id=="3").name')
    ('write `$.items[0].id`', 'write `$.items[*].id`', "write `$.items[?@.id == '3'].name`")
    >>> fix_query("$[?@.state =~ /^paid/]"), fix_query("$[?@.state.includes('paid')]")
    ("write `match(@.state, 'paid.*')`", "write `search(@.state, 'paid')`, or of a list `@.state[?@ == 'paid']`")
    """
    if len(text) > _LONGEST:
        return ""
    if found := _fix_several(text) or _fix_name_of_member(text) or _fix_function(text):
        return found
    if query := as_query(text):
        return f"write `{query}`"
    compared = _COMPARED.fullmatch(text)
    # what several elements have is not comparable in a filter
    if compared is not None and ".#" not in compared["path"] and (path := _as_jsonpath(compared["path"])):
        # in a filter, the members of the root are asked by `$`
        value = re.sub(r"^\"([^\"']*)\"$", r"'\1'", compared["value"])
        value = f"'{value}'" if _WORDS.fullmatch(value) else value
        asked = with_quotes_in_query(f"{path} {compared['sign']} {value}")
        return fix_compared(asked) or f"write `$[?{asked}]`"
    path = _as_jsonpath(text.strip())
    return f"write `{path}`" if path else _fix_search(text)


def _fix_function(text: str) -> str:
    """Return how a function of what a query names is asked for, which JSONPath has in filters alone.

    >>> _fix_function("length($.items) > 0"), _fix_function("length($.items)")
    ('write `$[?length($.items) > 0]`', 'write `$.items`, with `x-arazzo-engine-selects: length` beside it')
    """
    found = _OF_WHOLE.fullmatch(text)
    if found is None:
        return ""
    alone = f"write `{found['of']}`, with `x-arazzo-engine-selects: length` beside it"
    return f"write `$[?{text.strip()}]`" if found["compared"] else alone


def _fix_name_of_member(text: str) -> str:
    """Return how a member is asked for by its name, which filters of another JSONPath call `@property`."""
    match = _BY_NAME.fullmatch(text)
    if match is not None:
        name = f"{{{match['name']}}}" if match["name"].startswith("$") else match["name"]
        return f"write `{match['before']}['{name}']`: a filter sees values, and no names of members"
    is_named = "@property" in text
    return "ask for a member by its name, as `$['…']` does: a filter sees values, and no names" if is_named else ""


def fix_named(text: str) -> str:
    """Return how an input or output that stands alone in a query is written, ``""`` when none does.

    >>> fix_named("$[?@.id == $steps.make.outputs.id]")
    "write `'{$steps.make.outputs.id}'` where it is a text, and `{$steps.make.outputs.id}` where it is a number"
    """
    parts = PARTS.finditer(text) if len(text) <= _LONGEST else ()
    name = next((each["named"] for each in parts if each["named"]), None)
    return f"write `'{{{name}}}'` where it is a text, and `{{{name}}}` where it is a number" if name else ""


def _fix_several(text: str) -> str:
    """Return how it is asked whether one of several nodes is as it is compared, ``""`` where no such thing is asked."""
    found = _OF_SEVERAL.fullmatch(text)
    if found is None:
        parts = text.split("&&")
        is_joined = len(parts) > 1 and "||" not in text and any(map(_OF_SEVERAL.fullmatch, parts))
        return "write each comparison as a criterion of its own" if is_joined else ""
    part = f".{found['part']}" if found["deep"] else found["part"]
    bare = found["value"].strip("/'\"")
    value = f"'{bare}'" if found["value"][0] in "/'\"" else bare
    sign = found["sign"].strip()
    test = f"@{part} {sign} {value}" if sign in _SIGNS else f"search(@{part}, '{bare}')"
    return f"write `{found['before']}{found['deep'] or ''}[?{test}]`, which passes where one of them is so"


def _fix_search(text: str) -> str:
    """Return how it is asked whether a text or a list of the context has something in it."""
    found = _SEARCHED.fullmatch(text)
    if found is None:
        # what begins in the context is no expression
        is_query = text.lstrip("!( ").startswith(("$.", "$["))
        return (not is_query and fix_operator(text)) or _fix_search_within(text)
    path = found["path"] if found["path"].startswith("$") else _as_jsonpath(found["path"])
    value = found["value"].strip("/'\"")
    searched = f"write `$[?search({path}, '{value}')]`"
    literal = value if re.fullmatch(r"-?\d+(?:\.\d+)?", found["value"]) else f"'{value}'"
    return f"{searched}, or of a list `{path}[?@ == {literal}]`" if found["word"] in _OF_LISTS else searched


def _fix_search_within(text: str) -> str:
    """Return how a filter asks whether a text of what it looks at has something in it."""
    found = _SEARCHED_WITHIN.search(text)
    if found is None:
        return ""
    node = found["of"] or found["its"] or found["first"]
    written = found["value"] or found["given"] or found["second"]
    value = written.rstrip(_FLAGS)[1:-1] if written.startswith("/") else written[1:-1]
    is_pattern = found["match"] is not None or "match" in (found["word"] or found["method"] or found["function"])
    if not is_pattern:
        pattern = _SPECIAL.sub(r"[\g<0>]", value)
        return f"write `search({node}, '{pattern}')`, or of a list `{node}[?@ == '{value}']`"
    flags = ", whose patterns have no flags" if written[-1] in _FLAGS else ""
    return f"write `{_matched(node, value)}`{flags}"


def _matched(node: str, pattern: str) -> str:
    # patterns of RFC 9485 have no anchors: `match` is of the whole text, `search` of a part of it
    begins, ends = pattern.startswith("^"), pattern.endswith("$")
    bare = pattern.removeprefix("^").removesuffix("$")
    if not begins and not ends:
        return f"search({node}, '{bare}')"
    return f"match({node}, '{'' if begins else '.*'}{bare}{'' if ends else '.*'}')"


def _as_jsonpath(text: str) -> str:
    if text.removeprefix("#").startswith("/"):
        parts = text.partition("/")[2].split("/")
        return f"$.{'.'.join(parts)}" if all(map(_PLAIN.fullmatch, parts)) else ""
    return as_jsonpath(text)
