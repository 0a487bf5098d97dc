"""Files that the user gives as inputs: ``@path`` where the workflow's schema asks for bytes or the text of a file.

Decides which inputs may name a file: only those that the user gave and whose schema says that they hold one. A value
that a document gives, a default included, never makes anything be read.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import TEXTUAL
from arazzo_engine.apis.wire_forms.binary import Content, data_url
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.validation.inputs.schemas import properties_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.validation.inputs.given import GivenInputs

_MARK: Final = "@"
_BASE64: Final = frozenset({"base64", "base64url"})


def read_input_files(given: GivenInputs, workflows: Iterable[LinkedWorkflow], beside: str = "-") -> GivenInputs:
    """Return the inputs with the content of each file that one names by ``@path``.

    A relative path starts at the folder of the inputs file ``beside``, or at the working directory for ``-``.
    Raises ``ArazzoError`` (``inputs-unreadable``).
    """
    schemas: dict[str, JsonValue] = {}
    for workflow in workflows:
        schemas = {**properties_of(workflow), **schemas}
    values = {name: _read(name, value, schemas.get(name), Path(beside).parent) for name, value in given.values.items()}
    return replace(given, values=values)


def _read(name: str, value: JsonValue, schema: JsonValue, folder: Path) -> JsonValue:
    if not isinstance(value, str) or not value.startswith(_MARK) or not isinstance(schema, dict):
        return value
    encoding, kind = schema.get("contentEncoding"), schema.get("contentMediaType")
    is_base64 = encoding in _BASE64 or schema.get("format") == "byte"
    if not is_base64 and schema.get("format") != "binary" and not isinstance(kind, str):
        return value
    path = folder / value.removeprefix(_MARK)
    try:
        content = path.read_bytes()
        if is_base64:
            return base64.b64encode(content).decode("ascii")
        if isinstance(kind, str) and kind.lower().startswith(TEXTUAL):
            return content.decode("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text, or no file has such a name"
        message = f"the file that input `{name}` names cannot be read: {reason}"
        fix = f"name a file that exists: `-i {name}=@path`"
        raise ArazzoError(diagnose("inputs-unreadable", message, fix=fix)) from error
    return data_url(Content(content, kind if isinstance(kind, str) else _guess(path.name), path.name))


def _guess(filename: str) -> str:
    import mimetypes  # noqa: PLC0415 - only a file needs it

    # the tables of Python itself: those of the machine would make the request another one elsewhere
    return mimetypes.MimeTypes().guess_type(filename)[0] or "application/octet-stream"
