"""No literal text was meant as an expression: what holds the name of something that exists is told.

Decides what is an error: a value that begins as an expression and is nearly one cannot be anything else. Everything
else is text by the specification, and is sent as it is, with a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.validation.texts.foreign import Foreign, find_foreign
from arazzo_engine.validation.texts.literal_texts import Part, Text, texts_in
from arazzo_engine.validation.texts.meant import Meant, find_meant
from arazzo_engine.validation.texts.names import ExistingNames

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.diagnostics import Location


def check_texts(workflow: LinkedWorkflow, linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each literal text of a workflow that was meant to hold an expression."""
    names = ExistingNames(workflow, linked)
    for text in texts_in(workflow):
        foreign, meant = find_foreign(text), find_meant(text, names)
        if foreign is not None:
            yield _told_foreign(text, *foreign)
        elif meant is not None:
            yield _told(text, meant)


def _told(text: Text, meant: Meant) -> Diagnostic:
    written = _written(text, meant)
    fix = _fix(text, meant)
    if meant.is_nearly:
        return diagnose(
            "invalid-expression", f"`{written}` is no runtime expression", _location(text, meant.span), fix=fix
        )
    return diagnose("expression-as-text", f"`{written}` {_WHY[text.part]}", _location(text, meant.span), fix=fix)


def _told_foreign(text: Text, foreign: Foreign, span: tuple[int, int]) -> Diagnostic:
    message = f"`{text.text[slice(*span)]}` is text here, and {foreign.undone}"
    return diagnose("extension-ignored", message, _location(text, span), fix=foreign.instead)


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
    is_whole = meant.span == (0, len(text.text)) and text.part in {Part.VALUE, Part.CONDITION}
    return f"write `{meant.expression}`" if is_whole else f"write `{{{meant.expression}}}`"


def _written(text: Text, meant: Meant) -> str:
    if text.doubled:
        return f"{{{{{meant.expression}}}}}"
    return text.text[slice(*meant.span)]


def _location(text: Text, span: tuple[int, int]) -> Location:
    if text.part is Part.NAME:
        return text.at.key_location()
    start, end = span
    return text.at.location((text.start + start, text.start + end))
