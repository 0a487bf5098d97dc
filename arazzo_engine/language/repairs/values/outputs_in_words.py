"""Outputs that are objects of words: `{expression: …}`, `{jsonPath: …}`, `{from: …, path: …}`.

Decides which text such an object says, as an output is written. An object whose members could be the names of values
is none of them: `{path: $response.body#/path}` is an object with a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue

# words for a value that no member of an answer is likely to have, and those that one may
_VALUES: Final = frozenset({"expression", "expr", "value", "jsonpath", "jsonpointer"})
_PATHS: Final = frozenset({"path", "pointer", "query", "selector"})
_BASES: Final = frozenset({"from", "source", "context", "in"})
_TYPES: Final = frozenset({"type", "language"})
_SELECTOR: Final = frozenset({"context", "selector", "type"})
_WORDS: Final = _VALUES | _PATHS | _BASES | _TYPES
_BEGINNINGS: Final = {"jsonpath": "$", "jsonpointer": "/", "pointer": "/", "expression": "$"}
_BODIES: Final = frozenset({"body", "responsebody", "response.body", "$response.body"})
_PATH: Final = lazy_pattern(r"\$(?:[.\[].*)?|/.+")


def value_in_words(output: dict[str, JsonValue]) -> str | None:
    """Return the text that an output in words says, ``None`` where it says none or two.

    >>> value_in_words({"jsonPath": "$.id"}), value_in_words({"from": "$response.body", "path": "/a/id"})
    ('$.id', '$response.body#/a/id')
    >>> value_in_words({"path": "$response.body#/path"})
    """
    if output.keys() >= _SELECTOR:
        return None
    said = {_word(name): each for name, each in output.items() if isinstance(each, str)}
    values, bases = said.keys() & (_VALUES | _PATHS), said.keys() & _BASES
    if len(said) < len(output) or said.keys() - _WORDS or len(values) != 1:
        return None
    word = next(iter(values))
    if not _is_in_language(said[word], [said[each] for each in said.keys() & _TYPES]):
        return None
    if bases:
        return _joined(said[next(iter(bases))], said[word]) if len(bases) == 1 else None
    text = said[word]
    if word == "jsonpointer" and text.startswith("/"):
        return f"$response.body#{text}"
    is_path = _PATH.fullmatch(text) is not None
    return text if is_path or (word in _VALUES and looks_like_expression(text)) else None


def _is_in_language(text: str, languages: list[str]) -> bool:
    """Whether a text is in each language that is named beside it, of those that a part can be named in."""
    return all(text.startswith(_BEGINNINGS.get(_word(each), "\0")) for each in languages)


def is_in_words(output: dict[str, JsonValue]) -> bool:
    """Whether the members of an object say where a value is, so that it is no object of several values."""
    words = {_word(name) for name in output}
    is_path = any(isinstance(each, str) and each.startswith(("$.", "$[", "/")) for each in output.values())
    return words <= _WORDS and (bool(words & _VALUES) or (is_path and bool(words & (_PATHS | _BASES))))


def _word(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _joined(base: str, path: str) -> str | None:
    """Return the expression of a part of a value, where one names it."""
    whole = "$response.body" if _word(base) in _BODIES else base
    pointer = path if path.startswith("/") else as_pointer(path[1:]) if path.startswith("$") else ""
    if not looks_like_expression(whole) or not (pointer or path == "$"):
        return None
    return f"{whole}{'' if '#' in whole or not pointer else '#'}{pointer}"
