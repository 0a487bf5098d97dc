"""Repairs of values in the braces of other tools: `{{sku}}`, `${{ inputs.sku }}`, `={{ inputs.sku }}`, `#(sku)`.

Each function takes a text and the names that exist, and returns the text with expressions in place of the braces. What
names nothing stays the text that it is, and so does a bare name within a longer text of a payload: an API has
templates, too, and fills them in itself. An expression in one pair of braces is one of the specification, whatever
stands before it: `#{$inputs.tag}` is a tag, `${$inputs.price}` a price.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.expressions.amounts import may_be_amount, names_no_amount
from arazzo_engine.language.expressions.grammar import read_expression
from arazzo_engine.language.repairs.expressions import correct_expression
from arazzo_engine.language.repairs.values.first_words import name_root
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.language.repairs.names import Names

# an id of Arazzo 1.0 may have spaces and other signs in it
_OF_OTHER: Final = r"(?:steps|workflows)\.[^{}$%#\n\"']{1,200}\.(?:outputs|inputs)\.[\w.\-\[\]]+"
# `inputs[:sku]`, `inputs['sku']`: a name in brackets
_KEYED: Final = r"\[(?::\w+|'[\w.\-]+'|\"[\w.\-]+\")\]"
_KEY: Final = lazy_pattern(r"\[[:'\"]([\w.\-]+)['\"]?\]")
_NAME: Final = rf"((?:(?:[\w.\-\[\]]|{_KEYED})+|{_OF_OTHER})(?:#/[^\s{{}}()\"']*)?)"
# right behind a brace, the sign makes an expression of the specification
_SIGN: Final = r"(?:\s+\$|\s*)"
_DOUBLE: Final = lazy_pattern(
    rf"(?:\{{\{{\{{{_SIGN}{_NAME}\s*\}}\}}\}}|(?:\$\{{\{{\$|\$?\{{\{{{_SIGN}){_NAME}\s*\}}\}})"
)
_OF_SHELLS: Final = rf"\$\(\s*\$?{_NAME}\s*\)|<%[=\-]?\s*\$?{_NAME}\s*-?%>"
_SINGLE: Final = lazy_pattern(rf"[$#@%]\{{{_SIGN}{_NAME}\s*\}}|{_OF_SHELLS}")
# within a longer text, `#` and `@` stand before numbers and names
_WITHIN: Final = lazy_pattern(rf"\$\{{{_SIGN}{_NAME}\s*\}}|{_OF_SHELLS}")
# `#(sku)`, which is a value only where nothing else stands
_HASHED: Final = lazy_pattern(rf"##?\({_SIGN}{_NAME}\s*\)")
# `{inputs.sku}` where a value is nothing else: within a longer text it may be of a template of the API's
_UNSIGNED: Final = lazy_pattern(rf"\{{\s*{_NAME}\s*\}}")
# what the specification has as a text around an expression, and nobody means where a value is nothing else
_DOUBLED: Final = lazy_pattern(rf"\{{\{{\$(?=(?:inputs|steps|workflows)\.){_NAME}\s*\}}\}}")
_WITH_SIGN: Final = lazy_pattern(rf"\$\{{\${_NAME}\s*\}}")
# what stands before the whole value of a credential
_SCHEME: Final = lazy_pattern(r"(?:Bearer|Basic|Token|ApiKey) +", re.IGNORECASE)
# in JSON as text, a string, to its end if it has one, and what stands between strings
_STRING: Final = lazy_pattern(r"(\"(?:[^\"\\]|\\.)*\"?)", re.DOTALL)
_VALUE: Final = f"(?:{_DOUBLE.pattern}|{_DOUBLED.pattern})"
_WHOLE: Final = lazy_pattern(f"(?:{_VALUE}|{_HASHED.pattern})")
_BETWEEN: Final = lazy_pattern(rf"(?:(?<=[:,\[\s]){_VALUE}|(?:(?<=:)|(?<=: )){_HASHED.pattern})(?=\s*[,}}\]])")
# a string in a string has its quotes escaped, and only what stands in none is looked at
_NESTED: Final = lazy_pattern(rf"(?<=[:,\[\s]){_VALUE}(?=\s*[,}}\]])")
_LINES: Final = lazy_pattern(r"\\n(?=.)")
_ROOTED: Final = lazy_pattern(r"(?:inputs|steps|workflows?)\.")
_JSON: Final = lazy_pattern(r"\s*[{\[](?![{\[])")
# of several lines, what is neither JSON nor markup may be a file with such braces of its own
_ONE_KIND: Final = lazy_pattern(r"[^\n]*\n?\Z|\s*[{\[<]")


def _after_sign(text: str) -> str:
    """Return a text without the sign by which a tool tells that it has templates in it."""
    return text[1:] if text.startswith("=") and "{{" in text else text


def name_value(text: str, names: Names) -> str | None:
    """``{{sku}}`` and ``${{ inputs.sku }}``, when a value is nothing else, are ``$inputs.sku``."""
    text = _after_sign(text)
    match = _DOUBLE.fullmatch(text) or _HASHED.fullmatch(text)
    return name_output(text, names) if match is None else _meant(_named(match), names)


def name_output(text: str, names: Names) -> str | None:
    """``${{ steps.find.outputs.id }}`` is ``$steps.find.outputs.id``; a bare name may be one of an answer."""
    text = _after_sign(text)
    marks = (_DOUBLE, _SINGLE, _UNSIGNED, _DOUBLED)
    match = next((match for each in marks if (match := each.fullmatch(text)) is not None), None)
    if match is None:
        return _without_sign(text, names)
    found = _rooted(_named(match), names)
    # one pair of braces alone is of a template of any kind
    is_marked = not text.startswith("{") or text.startswith("{{")
    return _of_step(_named(match), names) if found is None and is_marked else found


def _without_sign(text: str, names: Names) -> str | None:
    """``${$inputs.sku}`` is ``$inputs.sku``, but for what may be an amount of money behind the sign of its currency."""
    match = _WITH_SIGN.fullmatch(text)
    found = None if match is None else _rooted(match[1], names)
    is_number = found is not None and found.removeprefix("$inputs.") in names.numbers
    if found is None or may_be_amount(found, is_number=is_number):
        return None
    # of an output, nobody knows here whether it is a number
    return found if found.startswith("$inputs.") or names_no_amount(found) else None


def embed_in_parameter(text: str, names: Names) -> str | None:
    """``Bearer {{token}}`` is ``Bearer {$inputs.token}``."""
    scheme = _SCHEME.match(text)
    whole = None if scheme is None else name_value(text[scheme.end() :], names)
    if scheme is not None and whole is not None:
        return f"{scheme[0]}{{{whole}}}"
    text = _after_sign(text)
    changed = _embedded(text, _DOUBLE, names, _meant)
    changed = _embedded(changed, _WITHIN, names, _rooted)
    return changed if changed != text else None


def embed_in_text(text: str, names: Names) -> str | None:
    """``to ${{ inputs.sku }}`` is ``to {$inputs.sku}``, and ``{"a": "{{sku}}"}`` is ``{"a": "{$inputs.sku}"}``."""
    text = _after_sign(text)
    if _ONE_KIND.match(text) is None:
        return None
    changed = _embedded_in_json(text, names) if _JSON.match(text) else _embedded(text, _DOUBLE, names, _rooted)
    return changed if changed != text else None


def _embedded_in_json(text: str, names: Names) -> str:
    """Read each string of JSON as the value that it is, and what stands between them as a value without quotes."""
    parts = _STRING.split(text)
    return "".join(
        _in_string(part, parts[index + 1], names) if index % 2 else _between(part, names)
        for index, part in enumerate(parts)
    )


def _between(text: str, names: Names) -> str:
    return _embedded(_embedded(text, _BETWEEN, names, _meant), _DOUBLE, names, _rooted)


def _in_string(string: str, behind: str, names: Names) -> str:
    if not behind:
        return string  # a string that ends nowhere is of no JSON
    inner = string[1:-1]
    match = None if behind.lstrip().startswith(":") else _WHOLE.fullmatch(inner)
    found = None if match is None else _meant(_named(match), names)
    if found is not None:
        return f'"{{{found}}}"'
    if _JSON.match(inner):
        inner = _embedded(inner, _NESTED, names, _meant)
    elif _LINES.search(inner) and not inner.startswith("<"):
        return string
    return f'"{_embedded(inner, _DOUBLE, names, _rooted)}"'


def _embedded(text: str, pattern: re.Pattern[str], names: Names, find: Callable[[str, Names], str | None]) -> str:
    def written(match: re.Match[str]) -> str:
        found = find(_named(match), names)
        return match[0] if found is None else f"{{{found}}}"

    return pattern.sub(written, text)


def _named(match: re.Match[str]) -> str:
    # `_.sku`, as some clients have what is given from outside
    return _KEY.sub(r".\1", next(group for group in match.groups() if group is not None)).removeprefix("_.")


def _meant(inner: str, names: Names) -> str | None:
    """Return the expression that stands in braces: an input or output alone, or what is written as an expression is."""
    if inner in (names.inputs or ()):
        return None if _ROOTED.match(inner) else f"$inputs.{inner}"
    return _rooted(inner, names) or _of_step(inner, names) or _output(inner, names)


def _of_step(inner: str, names: Names) -> str | None:
    """``find.id`` and ``find.outputs.id`` are of step ``find``, and ``input.sku`` is an input, where they exist."""
    found = name_root(f"${inner}", names) if "." in inner and inner not in (names.inputs or ()) else None
    return found if found is not None and found.startswith(("$steps.", "$inputs.")) else None


def _output(inner: str, names: Names) -> str | None:
    """Return the output of that name, where one other step of the workflow has it, and no input may be of that name."""
    if names.inputs is None or names.workflow is None:
        return None
    owner = names.owner_of(inner)
    return None if owner in {None, names.step} else f"$steps.{owner}.outputs.{inner}"


def _rooted(inner: str, names: Names) -> str | None:
    if not _ROOTED.match(inner) or inner in (names.inputs or ()):
        return None
    text = f"${inner}"
    found = text if names.know_text(text) else correct_expression(text, names)
    if found is None or (found.startswith("$steps.") and read_expression(found).names[0] not in names.steps):
        return None
    return found
