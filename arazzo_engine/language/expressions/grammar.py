"""Runtime expressions: the grammar of the specification, parsed once, compiled to a closure that looks a value up.

Decides what an expression means and which text is one. It knows the form of names only: whether an input, a step
or a source exists is for the checks to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.diagnostics import did_you_mean, nearest
from arazzo_engine.documents.pointers import Pointer, parse_pointer
from arazzo_engine.language.expressions.lookups import compile_lookup
from arazzo_engine.language.expressions.mistakes import (
    as_part_of_body,
    fix_beginning,
    fix_names,
    fix_rest,
    fix_without_id,
)
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.expressions.scope import Scope


class Root(StrEnum):
    """What an expression begins with."""

    URL = "$url"
    METHOD = "$method"
    STATUS_CODE = "$statusCode"
    SELF = "$self"
    REQUEST = "$request"
    RESPONSE = "$response"
    MESSAGE = "$message"
    INPUTS = "$inputs"
    OUTPUTS = "$outputs"
    STEPS = "$steps"
    WORKFLOWS = "$workflows"
    SOURCE_DESCRIPTIONS = "$sourceDescriptions"
    COMPONENTS = "$components"


class ExpressionError(ValueError):
    """An expression or condition does not parse: why, which characters [start, end), and how to write it instead."""

    def __init__(self, message: str, start: int, end: int, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.fix = fix


@dataclass(frozen=True, slots=True)
class RuntimeExpression:
    """A parsed expression; ``evaluate`` looks it up in a scope.

    ``names`` are the parts after the root: ``("header", "Server")``, ``("login", "outputs", "token")``; ``pointer``
    is ``None`` when there is none. At the depths in ``lone`` its token is the lone element of a list, which the text
    does not name.
    """

    text: str
    root: Root
    names: tuple[str, ...] = ()
    pointer: Pointer | None = None
    lone: frozenset[int] = frozenset()
    evaluate: Callable[[Scope], Value] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluate", compile_lookup(self.root, self.names, self.pointer, self.lone))

    def __str__(self) -> str:
        return self.text

    @property
    def is_of_answer_body(self) -> bool:
        """Whether it is the body of an answer, or a part of it that a pointer names."""
        return self.root is Root.RESPONSE and self.names == ("body",)

    @property
    def is_of_answer_header(self) -> bool:
        """Whether it is a header of an answer."""
        return self.root is Root.RESPONSE and self.names[0] == "header"


class _Form(Struct, frozen=True):
    """What may follow a root: a pattern whose groups are the names, whether a pointer may follow, and an example."""

    pattern: re.Pattern[str]
    example: str
    has_pointer: bool = True


# `identifier-strict` and `identifier` of the grammar. An input's name is a property of a JSON Schema and may have
# other characters too, so names of inputs are read up to what ends an expression.
_STRICT: Final = r"[A-Za-z0-9\-_]+"
_IDENTIFIER: Final = r"[A-Za-z0-9.\-_]+"
_INPUT: Final = r"[^\s#{}]+"
# "token" of RFC 9110; "CHAR" without the braces
_FIELD_NAME: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_CHARS: Final = r"[^{}]"
_SOURCE: Final = lazy_pattern(rf"\.(?:(header)\.({_FIELD_NAME})|(query|path)\.({_CHARS}*)|(body|payload))", re.DOTALL)
_FORMS: Final[dict[Root, _Form]] = {
    Root.REQUEST: _Form(_SOURCE, "$request.body"),
    Root.RESPONSE: _Form(_SOURCE, "$response.body"),
    Root.MESSAGE: _Form(_SOURCE, "$message.payload"),
    Root.INPUTS: _Form(lazy_pattern(rf"\.({_INPUT})"), "$inputs.<name>"),
    Root.OUTPUTS: _Form(lazy_pattern(rf"\.({_IDENTIFIER})"), "$outputs.<name>"),
    Root.STEPS: _Form(lazy_pattern(rf"\.({_STRICT})\.(outputs)\.({_IDENTIFIER})"), "$steps.<stepId>.outputs.<name>"),
    Root.WORKFLOWS: _Form(
        lazy_pattern(rf"\.({_STRICT})\.(?:(inputs)\.({_INPUT})|(outputs)\.({_IDENTIFIER}))"),
        "$workflows.<workflowId>.outputs.<name>",
    ),
    Root.SOURCE_DESCRIPTIONS: _Form(
        lazy_pattern(rf"\.({_STRICT})\.({_CHARS}+)", re.DOTALL), "$sourceDescriptions.<name>.url", has_pointer=False
    ),
    Root.COMPONENTS: _Form(
        lazy_pattern(rf"\.(parameters|successActions|failureActions|inputs)\.({_IDENTIFIER})"),
        "$components.parameters.<name>",
        has_pointer=False,
    ),
}
# 1.0.1: "$steps." name, with "name = *( CHAR )", so an id may have spaces and colons there
_WIDE: Final[dict[Root, re.Pattern[str]]] = {
    Root.STEPS: lazy_pattern(rf"\.([^{{}}#]+?)\.(outputs)\.({_IDENTIFIER})"),
    Root.WORKFLOWS: lazy_pattern(rf"\.([^{{}}#.]+)\.(?:(inputs)\.({_INPUT})|(outputs)\.({_IDENTIFIER}))"),
}
_NAMED: Final = Vocabulary(tuple(root.value for root in _FORMS))
_LONGEST: Final = 10_000
_WORD: Final = lazy_pattern(r"\$[A-Za-z]+")
_ROOTS: Final = {root.value: root for root in Root}
_ROOT_NAMES: Final = Vocabulary(tuple(_ROOTS))
_ROOTS_FOLDED: Final = {root.value.casefold(): root for root in Root}


def parse_expression(text: str) -> RuntimeExpression:
    """Return the expression that the whole text is.

    Raises ``ExpressionError`` when it is none (Arazzo 1.1.0, Runtime Expressions).

    >>> parse_expression("$steps.login.outputs.user#/id").names
    ('login', 'outputs', 'user')
    """
    return _parse(text, {})


def read_expression(text: str) -> RuntimeExpression:
    """Return the expression that the whole text is in a document of any version; raises ``ExpressionError``.

    What names the id of a step or workflow that only 1.0 could name is an expression as well.

    >>> read_expression("$steps.log in.outputs.user").names
    ('log in', 'outputs', 'user')
    """
    return _read_short(text) if len(text) <= _SHORT else _parse(text, _WIDE)


def _read(text: str) -> RuntimeExpression:
    return _parse(text, _WIDE)


# each is asked for by repairs, by whoever reads it and by several checks
_SHORT: Final = 200
_read_short: Final = lru_cache(maxsize=5_000)(_read)


def _parse(text: str, wide: dict[Root, re.Pattern[str]]) -> RuntimeExpression:
    if len(text) > _LONGEST:
        raise ExpressionError(f"a runtime expression has at most {_LONGEST:,} characters", 0, len(text))
    root = _parse_root(text)
    form = _FORMS.get(root)
    after_root = len(root.value)
    if form is None:
        _refuse_rest(text, after_root, root)
        return RuntimeExpression(text, root)
    match = form.pattern.match(text, after_root)
    if match is None and root in wide:
        match = wide[root].match(text, after_root)
    if match is None:
        raise ExpressionError(*_explain_names(text, root, form))
    names = tuple(name for name in match.groups() if name is not None)
    # a parameter's name has no restrictions, so nothing can follow it; a step or an input may be named like its place
    is_parameter = form.pattern is _SOURCE and names[0] in ("header", "query", "path")
    has_pointer = form.has_pointer and not is_parameter
    return RuntimeExpression(text, root, names, _parse_rest(text, match.end(), has_pointer=has_pointer))


def is_strict_id(text: str) -> bool:
    """Whether an id is one that expressions of every version can name, an ``identifier-strict``.

    >>> is_strict_id("find-pets"), is_strict_id("find pets")
    (True, False)
    """
    return re.fullmatch(_STRICT, text) is not None


def is_expression(text: str) -> bool:
    """Whether the whole text is an expression.

    >>> is_expression("$steps.login.outputs.user"), is_expression("$step.login")
    (True, False)
    """
    try:
        parse_expression(text)
    except ExpressionError:
        return False
    return True


def looks_like_expression(text: str) -> bool:
    """Whether a text is meant as an expression: it begins with an expression's word, or nearly so.

    >>> looks_like_expression("$steps.a"), looks_like_expression("$step.a"), looks_like_expression("$5.00")
    (True, True, False)
    """
    word = _WORD.match(text)
    if word is None:
        return False
    if word[0] in _ROOTS:
        return True
    if text[word.end() : word.end() + 1] == ".":
        return _is_nearly_a_root(word[0])
    return len(word[0]) == len(text) and word[0].casefold() in _ROOTS_FOLDED


@lru_cache(maxsize=1_000)
def _is_nearly_a_root(word: str) -> bool:
    return nearest(word, _NAMED) is not None


def _parse_root(text: str) -> Root:
    word = _WORD.match(text)
    if word is not None and word[0] in _ROOTS:
        return _ROOTS[word[0]]
    if word is None:
        reason = "no word follows its `$`" if text.startswith("$") else "it does not begin with `$`"
        raise ExpressionError(f"`{text}` is no runtime expression: {reason}", 0, len(text), fix_beginning(text, _ROOTS))
    folded = _ROOTS_FOLDED.get(word[0].casefold())
    meant = folded or _run_on(text)
    alike = did_you_mean(word[0], _ROOT_NAMES) or fix_beginning(text, _ROOTS)
    fix = f"did you mean `{meant}`?" if meant else fix_without_id(text) or alike
    raise ExpressionError(f"`{text}` is no runtime expression: `{word[0]}` is not known", 0, word.end(), fix)


def _run_on(text: str) -> str | None:
    """Return the expression in which only a dot is missing behind its first word: `$inputssku`, `$responseBody.id`."""
    for root in _FORMS:
        rest = text.removeprefix(root.value)
        if rest == text or not rest:
            continue
        of_body = as_part_of_body(root.value, rest)
        found = (of_body, f"{root}.{rest}", f"{root}.{rest[0].lower()}{rest[1:]}")
        return next(filter(is_expression, filter(None, found)), None)
    return None


def _refuse_rest(text: str, start: int, root: Root) -> None:
    if start < len(text):
        message = f"`{text}` is no runtime expression: nothing may follow `{root}`"
        raise ExpressionError(message, start, len(text), f"use `{root}`")


def _parse_rest(text: str, start: int, *, has_pointer: bool) -> Pointer | None:
    rest = text[start:]
    if not rest:
        return None
    if not has_pointer or not rest.startswith("#"):
        message = f"`{text}` is no runtime expression: `{rest}` cannot follow `{text[:start]}`"
        fix = fix_rest(text, start) if has_pointer else f"use `{text[:start]}`"
        raise ExpressionError(message, start, len(text), fix)
    if "{" in rest or "}" in rest:
        message = f"`{text}` is no runtime expression: a JSON Pointer in it cannot have braces"
        raise ExpressionError(message, start, len(text))
    try:
        return parse_pointer(rest[1:])
    except ValueError as error:
        fix = f"write `{text[:start]}#/{rest[1:]}`" if not rest.startswith("#/") else ""
        raise ExpressionError(f"`{text}` is no runtime expression: {error}", start + 1, len(text), fix) from error


_ALL_OF_ONE: Final = lazy_pattern(r"\$(?:steps\.[\w\-]+\.outputs|workflows\.[\w\-]+\.(?:inputs|outputs))")


def _explain_names(text: str, root: Root, form: _Form) -> tuple[str, int, int, str]:
    start = len(root.value)
    message = f"`{text}` is no runtime expression: `{text[start:]}` cannot follow `{root}`"
    if start == len(text):
        message = f"`{text}` is no runtime expression: `{root}` needs a name"
    elif _ALL_OF_ONE.fullmatch(text):
        message = f"`{text}` is no runtime expression: it names all of them, and an expression names one"
    return message, start, max(start + 1, len(text)), fix_names(text, root.value, form.example)
