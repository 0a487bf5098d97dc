"""How a recording begins: what was run, with which documents, inputs and options, by which engine.

Documents are named by their content: each text by its hash, and the texts stand in the lines that follow.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from arazzo_engine.documents.reading import ReadingLimits
from arazzo_engine.typed import Silent

# a recording of another number is read by an engine that knows it
FORM: Final = 1
BEGINNING: Final = "recording"
# traffic of another client, which is no run
CAPTURE: Final = "capture"
# a longer text is written in fewer bytes
_LONG: Final = 65_536
# no document that is read is larger
_LARGEST: Final = ReadingLimits().size


class Text(Struct, frozen=True):
    """A text that was read at a URI: where it was found, its hash, and the name by which a person knows it."""

    uri: str
    found: str
    digest: str
    name: str = ""


class Meant(Struct, frozen=True):
    """A source that was found elsewhere than it says."""

    document: str
    name: str
    uri: str
    url: str
    reason: str


class Texts(Struct):
    """Texts by their hash."""

    by_digest: dict[str, bytes] = field(default_factory=dict)

    def add(self, content: bytes) -> str:
        """Keep a text and return its hash."""
        digest = hashlib.sha256(content).hexdigest()
        self.by_digest[digest] = content
        return digest


class Called(Silent, frozen=True, rename="camel"):
    """A workflow that is run, and its inputs; nobody gave those that are ``defaulted``."""

    workflow_id: str
    inputs: dict[str, Any]
    defaulted: tuple[str, ...] = ()


class Beginning(Silent, frozen=True, rename="camel", kw_only=True):
    """The first line. ``workflows`` run one after the other, as one session; ``hidden`` are secrets among the inputs.

    Where secrets stood, stand-ins stand. ``tokens`` are those that other runs had got, each after its grant, and
    ``noted`` those whose scopes had been told. ``warnings`` were told before the run.
    """

    recording: int = FORM
    engine: str
    python: str
    is_rehearsal: bool
    document: str
    name: str
    workflows: tuple[Called, ...]
    texts: tuple[Text, ...]
    sources: tuple[Meant, ...]
    options: dict[str, Any]
    access: dict[str, Any]
    hidden: tuple[str, ...]
    tokens: tuple[tuple[Any, Any], ...]
    noted: tuple[str, ...]
    warnings: tuple[dict[str, Any], ...]
    started_at: float

    def to_json(self) -> dict[str, Any]:
        """Return the line."""
        value: dict[str, Any] = msgspec.to_builtins(self)
        return value


def write_text(digest: str, content: bytes) -> dict[str, Any]:
    """Return the line of a document's text, whose hash is that of the document as it was."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    if text is not None and len(content) <= _LONG:
        return {"text": digest, "content": text}
    packed = base64.b64encode(zlib.compress(content, 1)).decode("ascii")
    return {"text": digest, "deflated": packed}


def read_text(line: dict[str, Any]) -> bytes:
    """Return the text in a line; raises ``ValueError`` when it is none, or one that no document can be."""
    if "content" in line:
        return str(line["content"]).encode()
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(base64.b64decode(line["deflated"]), _LARGEST)
    except zlib.error as error:
        raise ValueError("the text of a document cannot be unpacked") from error
    if unpacking.unconsumed_tail:
        raise ValueError(f"the text of a document has more than {_LARGEST:,} bytes")
    return content
