"""Reading a text that may hold secrets: inputs and credentials.

Decides what is told of such a text: where something is wrong and what kind of mistake it is, and nothing that stands
in it. What the text is for is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Document

_NOT_SHOWN: Final = "the text is not shown, for it may be secret"
# What the parsers say quotes the text: for each code, what can be said without it
_MESSAGES: Final = {
    "malformed-json": ("the text is not JSON", "look for a missing quote, comma or bracket"),
    "malformed-yaml": ("the text is not YAML", "put the value in quotes, or correct the indentation"),
    "yaml-feature": ("the text uses YAML that is not read: a tag, an alias or a key that is no text", "use quotes"),
    "duplicate-key": ("a key occurs twice in one mapping", "remove one of the two"),
    "document-too-deep": ("the text nests too deep", "nest less"),
    "document-too-large": ("the text is too large", "give less"),
}


def read_secret_document(source: bytes, uri: str, name: str) -> Document:
    """Return the document in a text, whose locations never show a part of it.

    Raises ``ArazzoError`` with the codes of ``read_document``; the diagnostics hold nothing of the text.
    """
    try:
        document = read_document(source, uri, name)
    except ArazzoError as error:
        raise ArazzoError(*map(_without_text, error.diagnostics)) from None
    return replace(document, is_secret=True)


def _without_text(diagnostic: Diagnostic) -> Diagnostic:
    message, fix = _MESSAGES[diagnostic.code]
    location = None if diagnostic.location is None else _place_alone(diagnostic.location)
    related = tuple(Related(each.message, _place_alone(each.location)) for each in diagnostic.related)
    return replace(diagnostic, message=message, fix=f"{fix}; {_NOT_SHOWN}", location=location, related=related)


def _place_alone(location: Location) -> Location:
    return replace(location, pointer="", source="", width=1)
