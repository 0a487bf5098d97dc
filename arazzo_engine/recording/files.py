"""Files among the inputs of a recorded run: written down whole, and back.

Decides that a recording needs nothing beside it. A file that is large makes a large recording.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from msgspec.structs import replace

from arazzo_engine.language.messages.files import File, Notation, held_file

_FILE: Final = "$file"


def with_files(value: Any) -> Any:  # noqa: ANN401 - a JSON value, in which files may stand
    """Return a value of inputs with what is written for the files in it."""
    match value:
        case File():
            data = base64.b64encode(value.data()).decode("ascii")
            named = {"name": value.name, "mediaType": value.media_type, "notation": value.notation.name}
            return {_FILE: {**named, "data": data}}
        case dict():
            return {name: with_files(member) for name, member in value.items()}
        case list():
            return [with_files(element) for element in value]
        case _:
            return value


def read_files(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return the value that was written."""
    match value:
        case {"$file": dict(file)}:
            made = held_file(base64.b64decode(file["data"]), file["mediaType"], file["name"])
            return replace(made, notation=Notation[file["notation"]])
        case dict():
            return {name: read_files(member) for name, member in value.items()}
        case list():
            return [read_files(element) for element in value]
        case _:
            return value
