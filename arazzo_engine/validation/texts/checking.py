"""No literal text was meant as an expression: what holds the name of something that exists is told.

Decides what is an error: a value that begins as an expression and is nearly one cannot be anything else. Everything
else is text by the specification, and is sent as it is, with a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.language.conditions.library_values import as_value
from arazzo_engine.language.expressions.amounts import may_be_amount
from arazzo_engine.language.expressions.computations import NO_CALL, NO_CHOICE, find_computation, instead_of_call
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.texts.constant_outputs import told_outputs
from arazzo_engine.validation.texts.foreign import Foreign, find_call, find_foreign, find_marker
from arazzo_engine.validation.texts.literal_texts import PAYLOADS, Part, Text, texts_in
from arazzo_engine.validation.texts.meant import Meant, find_meant
from arazzo_engine.validation.texts.names import ExistingNames
from arazzo_engine.validation.texts.words import SENT, has_calls_of_its_own, told_filled, told_in_json, told_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.pointers import Pointer


_MOST_TOLD: Final = 20
# what no expression begins with, and every JSONPath does
_AS_EXPRESSION: Final = lazy_pattern(r"\$[a-zA-Z]")
# `|| 1`, `?? 'a'`, `| default('a')`: a value that stands for one that is not there
_DEFAULT: Final = lazy_pattern(
    r"\s*(?:\|\||\?\?|or\b|\|\s*default\()\s*(?:(['\"])(?P<text>[^'\"]*)\1|(?P<plain>-?[\d.]+|true|false|null))\s*\)?"
)
# a call of another language, with whatever it is given
_IN_CALL: Final = lazy_pattern(r"\s*[A-Za-z_][\w.]*\([^()]*\)\s*")


def check_texts(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each literal text of a workflow that was meant to hold an expression."""
    names = ExistingNames(workflow, linked)
    told: set[Pointer] = set()
    for text in texts_in(workflow):
        foreign = _foreign_in(text)
        computation = _computation_in(text)
        if foreign is not None:
            found = [_told_foreign(text, *foreign)]
        elif computation is not None:
            found = list(_told_computation(text, *computation))
        else:
            found = next(filter(None, (list(tell(text, names)) for tell in _TELLING)), [])
        found += _told_sign(text, names)
        yield from found
        if found or computation is not None:
            told.add(text.at.pointer)
    yield from told_outputs(workflow, linked, told)


def _foreign_in(text: Text) -> tuple[Foreign, tuple[int, int]] | None:
    marker = find_marker(text.text) if text.part is Part.CONDITION else None
    if marker is not None:
        return marker, (0, len(text.text))
    found = None if _is_file(text) else find_foreign(text.text)
    is_output = "outputs" in text.at.pointer and as_value(text.text)
    is_sent = text.part in SENT and not has_calls_of_its_own(text) and not is_output
    return find_call(text.text) if found is None and is_sent else found


def _is_file(text: Text) -> bool:
    """Whether a part of a payload is a file with what another engine replaces: of several lines, and no JSON."""
    is_part = text.part in SENT and text.at.pointer[-1:] != ("payload",) and not PAYLOADS.isdisjoint(text.at.pointer)
    return is_part and "\n" in text.text.strip() and not text.text.lstrip().startswith(("{", "[", "<"))


def _computation_in(text: Text) -> tuple[tuple[int, int], str] | None:
    """Return where a text computes, and what to write instead; a payload may have calls of its own language."""
    found = find_computation(text.text) if text.part in SENT else None
    call = instead_of_call(text.text) if text.part is Part.VALUE and PAYLOADS.isdisjoint(text.at.pointer) else ""
    return found or (((0, len(text.text)), call) if call else None)


def _told_in(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each expression that a text was meant to hold, one after the other."""
    rest = text
    for _ in range(_MOST_TOLD):
        meant = find_meant(rest, names)
        if meant is None:
            return
        # what is written as it should be stands in what could not be read, and that is told already
        if text.part is not Part.VALUE or rest.text[slice(*meant.span)] != f"{{{meant.expression}}}":
            yield _told(text, meant)
        start, end = meant.span
        if meant.is_nearly or text.doubled or text.part not in {Part.VALUE, Part.TEXT}:
            return
        rest = replace(rest, text=f"{rest.text[:start]}{' ' * (end - start)}{rest.text[end:]}")


def _told_sign(text: Text, names: ExistingNames) -> Iterator[Diagnostic]:
    """Yield a warning for the sign of another tool before an expression in braces, but for that of an amount."""
    if text.signed and text.part in {Part.TEXT, Part.CONDITION} and not _is_amount(text, names):
        end = len(text.text)
        message = f"`${{{text.signed}}}` is a `$` and the value here"
        location = _location(text, (end - 1, end + len(text.signed) + 2))
        yield diagnose("expression-as-text", message, location, fix=f"write `{{{text.signed}}}`")


def _is_amount(text: Text, names: ExistingNames) -> bool:
    """Whether what stands behind a sign is an amount: in a parameter that begins with it, it must be called one."""
    is_value = text.text == "$" and text.start == 0 and PAYLOADS.isdisjoint(text.at.pointer)
    return may_be_amount(text.signed) if is_value else names.may_be_amount(text.signed)


def _told(text: Text, meant: Meant) -> Diagnostic:
    written = _written(text, meant)
    fix = _fix(text, meant)
    if meant.is_nearly:
        return diagnose(
            "invalid-expression", f"`{written}` is no runtime expression", _location(text, meant.span), fix=fix
        )
    why = "is the value in a pair of braces here" if text.doubled else _WHY[text.part]
    return diagnose("expression-as-text", f"`{written}` {why}", _location(text, meant.span), fix=fix)


def _told_foreign(text: Text, foreign: Foreign, span: tuple[int, int]) -> Diagnostic:
    written = text.text[slice(*span)]
    # what is written as an expression is, as a whole, is meant as one: no API is meant to get this text
    is_written_so = _AS_EXPRESSION.match(written.removeprefix("{")) is not None
    if text.part is Part.VALUE and written == text.text and is_written_so:
        message = f"`{written}` is no runtime expression, and {foreign.undone}"
        return diagnose("invalid-expression", message, _location(text, span), fix=foreign.instead)
    message = f"`{written}` is text here, and {foreign.undone}"
    return diagnose("extension-ignored", message, _location(text, span), fix=foreign.instead)


def _told_computation(text: Text, span: tuple[int, int], fix: str) -> Iterator[Diagnostic]:
    written = text.text[slice(*span)]
    # what begins with an expression was told when it was read
    if not looks_like_expression(written.removeprefix("{")):
        message = f"`{written}` is no runtime expression"
        yield diagnose("invalid-expression", message, _location(text, span), fix=fix)


# whichever tells a text first tells it alone
_TELLING: Final = (told_filled, _told_in, told_words, told_in_json)
_WHY: Final = {
    Part.VALUE: "is text here, and is sent as it is",
    Part.TEXT: "is text here, and is sent as it is",
    Part.NAME: "is the name of a member, and no name is an expression",
    Part.CONDITION: "is text here, and is compared as it is",
    Part.QUERY: "is a part of the query here, and stands for no value",
}


def _fix(text: Text, meant: Meant) -> str:
    if text.part is Part.NAME:
        return "write the name itself, or give the whole object by an expression"
    written = _written(text, meant)
    if written.startswith("{%"):
        return f"write the text that is to be sent, or `{{{meant.expression}}}` in it: no expression chooses or repeats"
    if _IN_CALL.fullmatch(text.text):
        return f"{NO_CALL}; where the text with its call is meant, write `{{{meant.expression}}}` in it"
    if choice := _instead_of_choice(written, meant):
        return choice
    filtered = ": no expression has filters" if "|" in written else ""
    is_whole = meant.span == (0, len(text.text)) and text.part in {Part.VALUE, Part.CONDITION}
    quotes = " without quotes" if text.part is Part.CONDITION else ""
    wanted = f"`{meant.expression}`{quotes}" if is_whole else f"`{{{meant.expression}}}`"
    return f"write {wanted}{filtered}"


def _instead_of_choice(written: str, meant: Meant) -> str:
    """Return what to write instead of a choice between values in braces, empty where none is chosen."""
    inner = written.strip("${}# \t=")
    rest = inner.removeprefix(meant.expression).removeprefix(meant.expression.removeprefix("$"))
    default = _DEFAULT.fullmatch(rest)
    if default is None or rest == inner:
        return ""
    name = meant.expression.removeprefix("$inputs.")
    value = write_scalar(default["text"], in_flow=True) if default["text"] is not None else default["plain"]
    if name != meant.expression:
        declared = f"give input `{name}` `default: {value}` in its schema"
        return f"no expression chooses: {declared}, and write `{meant.expression}`"
    return f"{NO_CHOICE}; the value itself is `{meant.expression}`"


def _written(text: Text, meant: Meant) -> str:
    if text.doubled:
        return f"{{{{{meant.expression}}}}}"
    return text.text[slice(*meant.span)]


def _location(text: Text, span: tuple[int, int]) -> Location:
    if text.part is Part.NAME:
        return text.at.key_location()
    start, end = span
    return text.at.location((text.start + start, text.start + end))
