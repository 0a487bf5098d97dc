"""The paths in the URIs of files, whatever bytes a name has: not every name is a text in UTF-8.

Decides nothing about what is at a path.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from arazzo_engine.documents.uris import path_of, scheme_of


def path_at(uri: str) -> Path:
    """Return the path in the URI of a file, as ``Path.as_uri`` made it, or as it stands in a document.

    >>> path_at("file:///a%20folder/caf%C3%A9.yaml").name
    'café.yaml'
    """
    return Path(path_in(path_of(uri)))


def path_in(encoded: str) -> str:
    """Return the path that is percent-encoded."""
    return os.fsdecode(unquote_to_bytes(encoded))


def location_of(uri: str) -> str:
    """Return a document's URI as a person would give it: of a file, its path."""
    return path_in(path_of(uri)) if scheme_of(uri) == "file" else uri
