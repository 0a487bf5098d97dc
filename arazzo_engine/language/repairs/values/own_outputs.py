"""Repairs of what names an output of the step itself: `$outputs.NAME` in a step that calls no workflow, and more.

Decides what has its value where it stands: before the outputs are taken, and after a failure, which gives none, that
is what the output is read from; after a success it is the output of the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.repairs.expressions import correct_expression
from arazzo_engine.language.repairs.values.first_words import as_expression
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_ROOT: Final = "$outputs."
_ANSWERED: Final = ("$response.", "$statusCode", "$request.")
_IN_BRACES: Final = lazy_pattern(r"\{(\$[^{}]+)\}")


def names_own(text: str, names: Names) -> bool:
    """Whether a text is an output of the step itself that is read in another way where it stands."""
    return name_taken(text, names) is not None or name_judged(text, names) is not None


def write_taken(text: str, names: Names) -> str | None:
    """``$outputs.page`` as a value of an action, or in the braces of one, is an output that the step has just given."""
    return written_in(text, names, name_taken)


def write_judged(text: str, names: Names) -> str | None:
    """``$steps.own.outputs.page`` in another output of the step ``own``, alone or in braces, is what that one reads."""
    return written_in(text, names, name_judged)


def select_judged(selector: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """The same as the context of a selector."""
    context = selector.get("context")
    written = write_judged(context, names) if isinstance(context, str) else None
    return None if written is None else {**selector, "context": written}


def written_in(text: str, names: Names, name: Callable[[str, Names], str | None]) -> str | None:
    """Return an expression, or a text with some in braces, with what one finds instead of its own outputs."""

    def instead(found: str) -> str:
        written = name(found, names)
        is_part = written is not None and not is_expression(written)
        return (correct_expression(written, names) if written and is_part else written) or found

    whole = instead(text)
    changed = whole if whole != text else _IN_BRACES.sub(lambda each: f"{{{instead(each[1])}}}", text)
    return None if changed == text else changed


def name_taken(text: str, names: Names) -> str | None:
    """``$outputs.page`` in an action of the step ``own`` is ``$steps.own.outputs.page``, which it has just given."""
    if names.ended is None or not text.startswith(_ROOT):
        return None
    name, rest = _split(text.removeprefix(_ROOT), names.ended.outputs)
    if name is None:
        return None
    if names.ended.has_failed:
        return read_from(name, rest, replace(names, own=names.ended))
    written = f"$steps.{names.ended.step_id}.outputs.{name}"
    return f"{written}{rest}" if is_expression(written) else None


def name_judged(text: str, names: Names) -> str | None:
    """``$outputs.page`` and ``$steps.own.outputs.page``, where the step is judged, are what the output reads."""
    if names.own is None:
        return None
    of_step = f"$steps.{names.own.step_id}.outputs."
    start, outputs = (of_step, names.own.taken) if text.startswith(of_step) else (_ROOT, names.own.outputs)
    name, rest = _split(text.removeprefix(start), outputs) if text.startswith(start) else (None, "")
    return None if name is None else read_from(name, rest, names)


def read_from(name: str, rest: str, names: Names) -> str | None:
    """Return what an output of the step is read from in its messages, with what is read of that."""
    given = "" if names.own is None else as_expression(names.own.outputs.get(name), names)
    if not given.startswith(_ANSWERED):
        return None
    if not rest.startswith("#"):
        # in a condition, a name may be followed as in other languages; a pointer goes on as one
        part = as_pointer(rest) if "#" in given else rest
        return f"{given}{part}" if part or not rest else None
    written = f"{given}{rest[1:]}" if "#" in given else f"{given}{rest}"
    return written if is_expression(written) else None


def _split(text: str, outputs: Iterable[str]) -> tuple[str | None, str]:
    """Return the output that a text begins with, the longest of several, and what follows it."""
    found = [each for each in outputs if text.startswith(each) and text[len(each) : len(each) + 1] in ("", *".[#")]
    name = max(found, key=len, default=None)
    return name, "" if name is None else text[len(name) :]
