"""Repairs of `$outputs.NAME` in a step that calls no workflow: an output of the step itself is meant.

Decides what has its value where it stands: before the outputs are taken, and after a failure, which gives none, that
is what the output is read from; after a success it is the output of the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.repairs.values.first_words import as_expression

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.language.repairs.names import Names

_ROOT: Final = "$outputs."
_ANSWERED: Final = ("$response.", "$statusCode", "$request.")


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
