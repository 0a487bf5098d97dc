"""Texts that another language fills in: `f"{token}"`, `` `id ${id}` ``, `$"{token}"`, `${TOKEN:-none}`.

Decides which texts those are, and what says the same where their names exist. A text around which no such quotes or
braces stand is none of them, whatever it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    import re

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.validation.texts.names import ExistingNames

_SIGNED: Final = lazy_pattern(r"\$\{\s*([^{}\n]+?)\s*\}")
_UNSIGNED: Final = lazy_pattern(r"(?<!\{)\{\s*([^{}\n]+?)\s*\}(?!\})")
_HASHED: Final = lazy_pattern(r"#\{\s*([^{}\n]+?)\s*\}")
# the quotes of a language, and what it fills in between them
_FORMS: Final = (
    (lazy_pattern(r"[fF](?:\"([^\"\n]*)\"|'([^'\n]*)')"), _UNSIGNED),
    (lazy_pattern(r"\$@?\"([^\"\n]*)\""), _UNSIGNED),
    (lazy_pattern(r"`([^`\n]*)`"), _SIGNED),
    (lazy_pattern(r"\"([^\"\n]*)\""), _HASHED),
)
_NAME: Final = lazy_pattern(r"[A-Za-z_][\w.\-]*")
# a value that stands for one that is not there, as shells have it: `:-`, `:=`, and `:?` which ends there
_DEFAULT: Final = lazy_pattern(r"\$\{(?P<name>[A-Za-z_]\w*)(?P<sign>:?[-=?])(?P<value>[^{}\n]*)\}")
# the same in the braces of a template: `{{ name | default('Ann') }}`
_FILTERED: Final = lazy_pattern(
    r"\$?\{\{\s*(?P<name>[A-Za-z_]\w*)\s*(?P<sign>\|\||\?\?|\bor\b|\|\s*default\b[(:]?)\s*"
    r"(?P<value>'[^'{}\n]*'|\"[^\"{}\n]*\"|-?[\d.]+|true|false|null)\s*\)?\s*\}\}"
)
_LONGEST: Final = 1_000
_DECLARED: Final = "declare input `{}` with `default: {}` in its schema"


class Filled(Struct, frozen=True):
    """A text that is filled in elsewhere: what says the same here; without it, one of its names does not exist."""

    fix: str


def find_filled(text: str, names: ExistingNames, at: Pointer) -> Filled | None:
    """Return how a text is written here that another language fills in, ``None`` for any other text."""
    if len(text) > _LONGEST:
        return None
    default = _DEFAULT.fullmatch(text) or _FILTERED.fullmatch(text)
    if default is not None:
        return Filled(_of_default(default, names, at))
    for quotes, braces in _FORMS:
        match = quotes.fullmatch(text)
        inner = "" if match is None else next((each for each in match.groups() if each is not None), "")
        if inner and braces.search(inner):
            return Filled(_of_interpolation(inner, braces, names, at))
    return None


def _of_default(match: re.Match[str], names: ExistingNames, at: Pointer) -> str:
    name, found = match["name"], names.alone(match["name"], at)
    if found is not None and not found.startswith("$inputs."):
        return f"no expression chooses: the value itself is `{found}`"
    if match["sign"].endswith(":?"):
        return f"write `$inputs.{name}`, and have `{name}` among the inputs that are `required`"
    is_plain = "{{" in match[0] and match["value"][:1] not in {"'", '"'}
    value = match["value"] if is_plain else write_scalar(match["value"].strip("'\""), in_flow=True)
    is_there = found is not None
    given = f"give input `{name}` `default: {value}` in its schema" if is_there else _DECLARED.format(name, value)
    return f"no expression chooses: {given}, and write `$inputs.{name}`"


def _of_interpolation(inner: str, braces: re.Pattern[str], names: ExistingNames, at: Pointer) -> str:
    missing: list[str] = []

    def written(match: re.Match[str]) -> str:
        name = match[1]
        found = (names.alone(name, at) or names.part(name) or names.exact(name)) if _NAME.fullmatch(name) else None
        missing.extend(() if found else (name,))
        return f"{{{found or name}}}"

    said = braces.sub(written, inner)
    if not missing:
        is_alone = braces.fullmatch(inner) is not None
        return f"write `{said[1:-1] if is_alone else said}`"
    name = missing[0]
    if not _NAME.fullmatch(name):
        return f"an expression computes nothing: give `{name}` as an input, and write `{{$inputs.<name>}}` for it"
    return f"declare an input, and write `{{$inputs.<name>}}` for `{name}`: no variable of a program is read"
