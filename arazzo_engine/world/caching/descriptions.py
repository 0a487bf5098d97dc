"""API descriptions that were read before, kept on disk so that the next run reads only the operations it needs.

Decides what is kept, and under which name. Kept is the value of a large API description, nothing else: no Arazzo
document, no inputs, no credential, no answer. A file of anybody else's is not believed, as it could send credentials
elsewhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.openapi import OPERATIONS, list_operations
from arazzo_engine.documents.reading import open_packed, read_document, reads_as_json
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.world.caching.own_files import OwnFiles, user_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.document import Document

_PACKAGE: Final = Path(__file__).resolve().parent.parent.parent


class DescriptionCache(Struct, frozen=True):
    """Descriptions kept in a folder, the least recently used removed first.

    ``folder`` gives it when it is needed first. A text below ``least_bytes`` is read as fast as what was kept of it.
    """

    folder: Callable[[], Path | None]
    least_bytes: int = 50_000
    most_bytes: int = 400_000_000

    def read(self, source: bytes, uri: str, name: str) -> Document:
        """Return the document in a text, as ``read_document`` does; raises what that raises."""
        folder = self.folder() if len(source) >= self.least_bytes else None
        code = _reading_code() if folder is not None else b""
        if folder is None or not code:
            return read_document(source, uri, name)
        files, key = OwnFiles(folder, self.most_bytes), _key(code, source, uri)
        packed = files.find(key)
        document = None if packed is None else open_packed(packed, source, uri, name)
        if document is None:
            document = read_document(source, uri, name)
            # an Arazzo document may hold whatever its author wrote into its steps
            if document.content.at(("arazzo",)) is ABSENT:
                files.keep({key: _packed(document)})
        return document


def descriptions_folder() -> Path | None:
    """Return the user's folder of descriptions, ``None`` when nothing is to be kept."""
    folder = user_folder()
    return folder and folder / "descriptions"


USER_CACHE: Final = DescriptionCache(descriptions_folder)


def _packed(document: Document) -> bytes:
    from arazzo_engine.documents.packed import pack  # noqa: PLC0415 - most runs keep nothing

    return pack(document.value, {OPERATIONS: list_operations(document)})


def _key(code: bytes, source: bytes, uri: str) -> str:
    from hashlib import sha256  # noqa: PLC0415 - only large descriptions are kept

    text_kind = b"json" if reads_as_json(uri) else b"any"
    key = sha256(b"\0".join((code, text_kind, b"")))
    key.update(source)
    return key.hexdigest()


@cache
def _reading_code() -> bytes:
    """Return a digest of the code that makes a value of a text: what other code made is not what this one would."""
    files = [*sorted((_PACKAGE / "documents").rglob("*.py")), _PACKAGE / "apis" / "descriptions" / "openapi.py"]
    from hashlib import sha256  # noqa: PLC0415 - the same

    try:
        return sha256(b"".join(file.read_bytes() for file in files)).digest()
    except OSError:
        return b""
