"""What a file says about itself: its name, its docstring, and why it is excused from a rule of the linters.

Names and docstrings tell a reader which file to open; a reason tells whoever changes the line whether it still holds.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from architecture.source import comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from architecture.house import House, Rule

ONE_SENTENCE_UP_TO: Final = 30
VAGUE_WORDS: Final = ("util", "helper", "manager", "handler", "common")
VAGUE_NAMES: Final = frozenset({*VAGUE_WORDS, *(f"{word}s" for word in VAGUE_WORDS)})
EXCUSE: Final = re.compile(r"#\s*(?:noqa|type:\s*ignore)")
NAMED_EXCUSE: Final = re.compile(r"#\s*(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[a-z-]+(?:, [a-z-]+)*\])")


def says_what_it_decides(house: House) -> Iterator[str]:
    for module in house.modules:
        text = ast.get_docstring(module.tree) or ""
        sentences = len(re.findall(r"[.!?](?=\s|$)", text))
        if not text.strip():
            yield f"{module.path}:1: the module has no docstring"
        elif len(module.text.splitlines()) > ONE_SENTENCE_UP_TO and sentences < 2:
            yield f"{module.path}:1: the docstring of a module of this size has two sentences or more"


def has_a_name_that_says_something(house: House) -> Iterator[str]:
    for module in house.modules:
        words = set(re.split(r"[/_]", module.path.removesuffix(".py")))
        for word in sorted(words & VAGUE_NAMES):
            yield f"{module.path}:1: `{word}` says nothing about what the module decides"


def gives_a_reason_for_each_excuse(house: House) -> Iterator[str]:
    for module in (each for each in house.modules if EXCUSE.search(each.text)):
        for line, comment in comments(module.text):
            _, *reasons = NAMED_EXCUSE.split(comment)
            if len(EXCUSE.findall(comment)) > len(reasons):
                yield f"{module.path}:{line}: `{comment}` does not name the rule that it is excused from"
            elif not all(re.search(r"\w{2}", reason) for reason in reasons):
                yield f"{module.path}:{line}: `{comment}` has no reason beside it"


RULES: Final[tuple[Rule, ...]] = (
    says_what_it_decides,
    has_a_name_that_says_something,
    gives_a_reason_for_each_excuse,
)
