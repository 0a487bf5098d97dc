"""Members of a payload that hold a text of another language: `template`, `sqlQuery`, `id.$`.

Decides by the name of a member alone. What the texts say, and what is told or read of them, is for others.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.patterns import lazy_pattern

_WORDS: Final = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+")
_OF_LANGUAGES: Final = frozenset(
    {
        *("query", "expression", "expr", "template", "script", "formula", "filter", "command", "cmd", "pattern"),
        *("regex", "variable", "variables", "placeholder", "symbol", "symbols", "ticker", "cashtag", "field"),
        *("fields", "env"),
    }
)
# members that hold code, or what is computed later
_OF_CODE: Final = _OF_LANGUAGES | {"default", "code", "source", "sql", "statement", "function", "body", "content"}
_OF_MARKUP: Final = frozenset({"subject", "html", "layout", "markup", "snippet"})
# members that services fill in themselves
_FILLED_IN: Final = _OF_MARKUP | {"body"}
_OF_TEMPLATES: Final = _OF_MARKUP | {"template"}
# members that hold the path to a part of what another engine has: `jsonPath`, `outputPath`
_OF_PATHS: Final = frozenset({"path", "query", "selector", "expression", "expr"})
_PATH: Final = lazy_pattern(r"\$\.[A-Za-z_]")
_LONE_NAME: Final = lazy_pattern(r"\{\{\s*[A-Za-z_][\w\-]*\s*\}\}")


def words_in(name: str) -> list[str]:
    """Return the words that a name is made of.

    >>> words_in("sqlQuery"), words_in("SOME_field")
    (['sql', 'Query'], ['SOME', 'field'])
    """
    return _WORDS.findall(name)


def is_of_machine(name: str) -> bool:
    """Whether a member is one of a definition that is carried out elsewhere: `$schema`, `id.$`."""
    return name.startswith("$") or name.endswith(".$")


def has_language(name: str) -> bool:
    """Whether a member holds a text of a language of its own."""
    return _last_word(name) in _OF_LANGUAGES


def has_code(name: str) -> bool:
    """Whether a member holds code, or what is computed or filled in later."""
    return is_filled_in(name) or _last_word(name) in _OF_CODE


def is_filled_in(name: str) -> bool:
    """Whether a service fills in what a member holds."""
    return name in _FILLED_IN


def has_template(name: str) -> bool:
    """Whether a member holds a template by its name: what stands in its braces is named by whoever fills it in."""
    return _last_word(name) in _OF_TEMPLATES


def may_be_of_language(name: str, text: str) -> bool:
    """Whether a text is a path or the braces of a template under a member that may hold one, and so has two readings.

    >>> may_be_of_language("token.$", "$.inputs.token"), may_be_of_language("subject", "{{name}}")
    (True, True)
    >>> may_be_of_language("token", "$.inputs.token"), may_be_of_language("subject", "{{inputs.name}}")
    (False, False)
    """
    return may_be_path(name, text) or (has_template(name) and _LONE_NAME.fullmatch(text) is not None)


def may_be_path(name: str, text: str) -> bool:
    """Whether a text is a path into what another engine has: `$.inputs.token` under `jsonPath`, or `id.$`."""
    return _PATH.match(text) is not None and (name.endswith(".$") or _last_word(name) in _OF_PATHS)


def _last_word(name: str) -> str:
    return next(iter(words_in(name)[-1:]), "").casefold()
