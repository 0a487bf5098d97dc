"""Texts that other engines replace by a value of their own: made up, or from a file or the environment.

Decides which texts those are. By the specification they are text; whether it is sent is not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.language.expressions.suite_texts import read_suite_text
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.texts.made_up import find_command, find_made_up, find_variable

if TYPE_CHECKING:
    import re


class Foreign(Struct, frozen=True):
    """A kind of such texts: how they are written, what is not done, and how the same is said here."""

    pattern: re.Pattern[str]
    undone: str
    instead: str


_WHOLE: Final = lazy_pattern(r".*")
_INPUT: Final = "declare an input, and give it"
KEPT: Final = "add it to `outputs` of its step, and write `{}`"
_KEPT: Final = KEPT.format("$steps.<stepId>.outputs.<name>")
_FOREIGN: Final = (
    Foreign(
        lazy_pattern(r"\$\{?\{?\s*\$?faker\.[\w.]+(?:\([^()]*\))?\s*\}?\}?|\$faker\([^()]*\)"),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
    Foreign(
        lazy_pattern(r"\$\{?\{?\s*\$?(?:env|processEnv|dotenv)[.:]\w+\s*\}?\}?|\$\{?process\.env\.\w+\}?"),
        "no variable of the environment is read", f'{_INPUT} with `-i <name>="$VARIABLE"`',
    ),
    Foreign(
        lazy_pattern(r"(?<![\w-])x-env:\s*[A-Z_][A-Z0-9_]*\b"),
        "no variable of the environment is read", f'{_INPUT} with `-i <name>="$VARIABLE"`',
    ),
    Foreign(
        lazy_pattern(r"\$\{?file\([^()]*\)\}?"),
        "no file is read", f"{_INPUT} with `-i <name>=@<path>`",
    ),
    Foreign(
        lazy_pattern(r"\$\{?\{?\s*\$?secrets?[.:]\w+\s*\}?\}?"),
        "no secret is looked up", f"{_INPUT} in a file of `--inputs`, or give a credential with `--auth`",
    ),
    Foreign(
        lazy_pattern(
            r"\$(?:date[tT]ime|date|now|uuid|random|utils?|math)\.[A-Za-z]\w*(?:\([^()]*\))?"
            r"|\$(?:now|uuid|guid|timestamp|random\w*)\(\)"
        ),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
    Foreign(
        lazy_pattern(r"(?<![\w$\\{])\$random[A-Z]\w*(?![\w(])"),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
    Foreign(
        lazy_pattern(r"\$(?:forEach|foreach|loop)\.\w+(?:\.\w+)*"),
        "no step is done for each of a list", "call the step once, or a workflow in a batch",
    ),
    Foreign(
        lazy_pattern(r"\$\{\{\s*(?:captures|extracts?|exports?|vars)\.[\w\-]+\s*\}\}"),
        "no value is kept under that name",
        _KEPT,
    ),
    Foreign(
        lazy_pattern(r"\{\{\s*\$(?:guid|uuid|timestamp|isoTimestamp|random\w+)\s*\}\}"),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
    Foreign(
        lazy_pattern(r"\{\{\s*\$(?:processEnv|dotenv|env)\s+%?\w+\s*\}\}"),
        "no variable of the environment is read", f'{_INPUT} with `-i <name>="$VARIABLE"`',
    ),
    Foreign(
        lazy_pattern(r"\{\{\s*\$(?:localDatetime|datetime|timestamp|random\w*)\s[^{}]{0,100}\}\}"),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
    Foreign(
        lazy_pattern(r"\{%-?\s*(?:response|request|cookie|jsonpath)\s+['\"][^%]{0,400}%\}"),
        "nothing is read of another request", _KEPT,
    ),
    Foreign(
        lazy_pattern(
            r"\{%-?\s*(?:(?:uuid|faker|prompt|file|hash|base64|os|timestamp)\s+['\"]"
            r"|now\s+['\"](?:iso|millis|unix|custom))[^%]{0,400}%\}"
        ),
        "no value is made up", f"{_INPUT} with `-i <name>=…`",
    ),
)  # fmt: skip
_MARKS: Final = ("$", "x-", "{%")
# values of other engines that look up what was kept under a name: of workflow engines, automation tools and test tools
_LOOKUPS: Final = lazy_pattern(
    r"[$#]\{\s*(?:execution|task)\.getVariable(?:Local)?\(\s*['\"][\w.\-]+['\"]\s*\)\s*\}"
    r"|=(?:(?=\{\{)|[^{}\n]*(?=\{\{\s*\$(?:json|node|\()))\{\{[^{}\n]+\}\}[^{}\n]*"
    r"|\{\{\s*\$(?:\(\s*['\"]|(?:node|items|json|input|vars)\b)[^{}\n]*\}\}"
    r"|\{\{\s*(?:(?:ti|task_instance)\.xcom_pull|lookup)\([^{}\n]*\}\}"
    r"|\$\((?:params|inputs|tasks|context)\.[\w.\-]+\)"
    r"|@(?:(?:triggerBody|pipeline)\(\)\??|(?:body|outputs|parameters|variables|items|activity)\(\s*'[^'\n]*'\s*\)\??)"
    r"(?:\.\w+|\??\[[^\[\]\n]*\])*"
    r"|@\{(?:triggerBody|pipeline|body|outputs|parameters|variables|items|activity)\([^{}\n]*\}"
    r"|#\[\s*(?:vars|payload|attributes)\.[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\]"
    r"|\$\{__[A-Za-z]\w*(?:\([^{}\n]*\))?\}"
    r"|\$\{#?[\w \-]+#[^{}\n]+\}"
    r"|States\.[A-Z]\w+\([^\n]*\$\.[^\n]*\)"
    r"|(?:pm\.\w+|bru|insomnia\.\w+)\.get\w*\(\s*['\"][\w.\-]+['\"]\s*\)"
)
_LOOKED_UP: Final = lazy_pattern(r"[A-Za-z_][\w\-]*")
_OF_STEP: Final = lazy_pattern(
    r"@\{?(?:body|outputs|activity)\(|=?\s*\{\{\s*(?:\$node\b|\$\(|(?:ti|task_instance)\.xcom_pull\()|\$\(tasks\."
)
# what does more than look up: a sign, a call, or a text around the braces
_COMPUTED: Final = lazy_pattern(
    r"[+*|,:%]|\s-\s|\?(?![.\[])|\.(?!get|xcom_pull|first\(|last\(|item\()\w+\(|^=(?!\{\{)|\}\}[^}]|^States\."
)
# what a value is like, as Karate has it in place of the value
_MARKER: Final = lazy_pattern(
    r"##?(?P<word>notnull|present|null|notpresent|ignore|uuid|string|number|boolean|array|object|regex)\b\s*(?P<rest>.*)"
)
_OF_MARKERS: Final = {
    **dict.fromkeys(("null", "notpresent"), "write `null` without quotes"),
    "ignore": "remove the condition",
    "uuid": r"write a criterion of its own, with `type: regex` and `condition: '^[0-9a-fA-F-]{36}$'`",
    "regex": "write a criterion of its own, with `type: regex` and the pattern as its `condition`",
}


def find_marker(text: str) -> Foreign | None:
    """Return what a string that a condition compares is, where a tool has it for any value of a kind: ``#uuid``."""
    match = _MARKER.fullmatch(text)
    if match is None or (match["rest"] and match["word"] != "regex"):
        return None
    return Foreign(_WHOLE, "stands for no other value", _OF_MARKERS.get(match["word"], "compare with `!= null`"))


def find_call(text: str) -> tuple[Foreign, tuple[int, int]] | None:
    """Return the first call in a text that makes a value up elsewhere or reads the environment, with its characters."""
    if variable := find_variable(text):
        undone = "no variable of the environment is read"
        return Foreign(_WHOLE, undone, f'{_INPUT} with `-i <name>="$VARIABLE"`'), variable
    if find_command(text):
        return Foreign(_WHOLE, "no command is run", f"{_INPUT} with `-i <name>=…`"), (0, len(text))
    span = find_made_up(text)
    return None if span is None else (Foreign(_WHOLE, "no value is made up", f"{_INPUT} with `-i <name>=…`"), span)


def find_lookup(text: str) -> tuple[str, ...]:
    """Return the words of a value that another engine would look up, the last of them the name; empty for any other.

    Where more is done than that, the name alone would say something else, and the words have none: ``""`` is the last.

    >>> find_lookup('={{ $node["create"].json.id }}'), find_lookup("={{ $json.id + 1 }}")[-1], find_lookup("= {{ b }}")
    (('node', 'create', 'json', 'id'), '', ())
    """
    if _LOOKUPS.fullmatch(text) is None:
        return ()
    return (*_LOOKED_UP.findall(text), *(("",) if _COMPUTED.search(text) else ()))


def names_step(text: str) -> bool:
    """Whether a value that another engine would look up is of the answer of a step that it names.

    >>> names_step("@body('find')?['id']"), names_step("@triggerBody()?['id']")
    (True, False)
    """
    return _OF_STEP.match(text) is not None


def find_foreign(text: str) -> tuple[Foreign, tuple[int, int]] | None:
    """Return the first part of a text that another engine would replace, with its characters."""
    if not any(mark in text for mark in _MARKS):
        return None
    suite = read_suite_text(text)
    if suite is not None:
        start = len(text) - len(text.lstrip())
        return Foreign(_WHOLE, suite.undone, suite.instead), (start, len(text.rstrip()))
    return next(
        ((each, _in_braces(text, *match.span())) for each in _FOREIGN if (match := each.pattern.search(text))), None
    )


def _in_braces(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a part of a text with the pairs of braces around it, and without one that only closes."""
    for _ in range(text.count("}", start, end) - text.count("{", start, end)):
        start, end = (start - 1, end) if text[:start].endswith("{") else (start, end - 1)
    while text[:start].endswith("{") and text.startswith("}", end):
        start, end = start - 1, end + 1
    return start, end
