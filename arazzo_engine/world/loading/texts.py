"""Documents that are not in a file: a text, or the value that a program has made.

Decides what the document is called and against which URI its sources resolve. Nothing is loaded here.
"""

from __future__ import annotations

import json
from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.reading import SecondDocumentError, read_document, read_over_commas
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue

_NAME = "<document>"


def read_value(value: Mapping[str, JsonValue], base: str | PathLike[str] | None) -> Document:
    """Return the document of an object; its places are those of the JSON text that it makes.

    Raises ``ArazzoError`` (``malformed-json``) for a value that is no JSON.
    """
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        message = f"the document is no JSON value: {error}"
        raise ArazzoError(diagnose("malformed-json", message, fix="use objects, lists, texts and numbers")) from error
    return read_text(text, base)


def read_text(text: str, base: str | PathLike[str] | None) -> Document:
    """Return the document in a text; ``base`` is the file or URL that it could have been read from.

    Raises ``ArazzoError``: those of malformed documents.
    """
    uri = "" if base is None else _uri(fspath(base))
    # a folder is no name of what could be in it
    return read_entry(text, uri, _NAME if base is None or uri.endswith("/") else fspath(base))


def read_entry(source: str | bytes, uri: str, name: str) -> Document:
    """Return the document that a person names, as ``read_document`` does.

    A second document of YAML behind an Arazzo Description is a flaw of it, so that what is wrong with the first is told
    together with that; so are commas behind last entries, as warnings.
    """
    try:
        return read_over_commas(lambda: read_document(source, uri, name))
    except SecondDocumentError as error:
        if "arazzo" not in as_mapping(error.first.value):
            raise
        return replace(error.first, flaws=(error.problem,))


def _uri(base: str) -> str:
    # a drive of Windows, or no scheme: a path
    if len(scheme_of(base)) > 1:
        return base
    uri = Path(base).absolute().as_uri()
    return f"{uri}/" if base.endswith(("/", "\\")) or is_folder(Path(base)) else uri
