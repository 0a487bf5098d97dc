"""Files that the user gives as inputs: ``@path`` where the workflow's schema asks for a file, and paths of Python.

Decides which inputs may name a file: only those that the user gave and whose schema says that they hold one, or a text
that requests send as bytes and as nothing else. A value
that a document gives, a default included, never makes anything be read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.linking.repairs.texts_as_bytes import inputs_of_bytes
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.messages.files import OCTETS, File, Notation, held_file
from arazzo_engine.language.messages.payloads import is_text
from arazzo_engine.validation.inputs.schemas import properties_of
from arazzo_engine.world.loading.disk_files import NoFileError, is_there, is_utf8, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.validation.inputs.given import GivenInputs

_MARK: Final = "@"
# what leaves no choice of a file
_SAYING_WHICH: Final = frozenset({"const", "enum", "format"})
_BASE64: Final = frozenset({"base64", "base64url"})
# what a name says of how the bytes were packed
_PACKED: Final = {
    "gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz",
    "compress": "application/x-compress", "br": OCTETS,
}  # fmt: skip


def read_input_files(given: GivenInputs, workflows: Iterable[LinkedWorkflow], beside: str = "-") -> GivenInputs:
    """Return the inputs with the file that each one is which names it by ``@path``.

    A relative path starts at the folder of the inputs file ``beside``, or at the working directory for ``-``.
    Raises ``ArazzoError`` (``inputs-unreadable``).
    """
    folder = Path(beside).parent

    unread = set()

    def read(name: str, value: JsonValue, schema: dict[str, JsonValue]) -> JsonValue:
        if not isinstance(value, str) or not value.startswith(_MARK):
            return value
        path = folder / value.removeprefix(_MARK)
        if _asks_for_file(schema):
            return _read(name, path, schema)
        if is_there(path):
            unread.add(name)
        return value

    values = _with_files(given.values, workflows, read)
    return replace(given, values=values, unread=frozenset(unread & values.keys()))


def with_given_files(values: Values, workflows: Iterable[LinkedWorkflow]) -> Values:
    """Return inputs with the file that each path of Python names, and with bytes as such.

    Raises ``ArazzoError`` (``inputs-unreadable``), and ``TypeError`` where the schema of an input asks for no file.
    """

    def read(name: str, value: JsonValue, schema: dict[str, JsonValue]) -> JsonValue:
        if not isinstance(value, Path | bytes | bytearray):
            return value
        if not _asks_for_file(schema):
            raise TypeError(
                f"input `{name}` must be a JSON value, not {type(value).__name__}: paths and bytes are taken where the"
                " schema of the input asks for a file, as by `format: binary`"
            )
        return _read(name, value, schema) if isinstance(value, Path) else _as_described(held_file(bytes(value)), schema)

    return _with_files(values, workflows, read)


def asks_for_file(workflow: LinkedWorkflow, name: str) -> bool:
    """Whether the schema of an input asks for a file."""
    return _asks_for_file(_schemas((workflow,)).get(name, {}))


def _with_files(
    values: Values,
    workflows: Iterable[LinkedWorkflow],
    read: Callable[[str, JsonValue, dict[str, JsonValue]], JsonValue],
) -> dict[str, JsonValue]:
    schemas = _schemas(workflows)

    def within(name: str, value: JsonValue, schema: dict[str, JsonValue]) -> JsonValue:
        if isinstance(value, list):
            items = as_mapping(schema.get("items"))
            return [within(f"{name}[{index}]", each, items) for index, each in enumerate(value)]
        if isinstance(value, dict):
            members = as_mapping(schema.get("properties"))
            return {key: within(f"{name}.{key}", each, as_mapping(members.get(key))) for key, each in value.items()}
        return read(name, value, schema)

    return {name: within(name, value, schemas.get(name, {})) for name, value in values.items()}


def _schemas(workflows: Iterable[LinkedWorkflow]) -> dict[str, dict[str, JsonValue]]:
    """Return the schema of each input, that of the first workflow that has it, with what its requests make of it."""
    found: dict[str, dict[str, JsonValue]] = {}
    for workflow in workflows:
        declared = {name: as_mapping(each) for name, each in properties_of(workflow).items()}
        for name, *path in inputs_of_bytes(workflow):
            if name in declared:
                declared[name] = _sent(declared[name], *path)
        found = declared | found
    return found


def _sent(schema: dict[str, JsonValue], *path: str) -> dict[str, JsonValue]:
    """Return the schema of an input of which requests send a member, or all of it, as bytes and as nothing else."""
    members = as_mapping(schema.get("properties"))
    if path:
        inner = {path[0]: _sent(as_mapping(members[path[0]]), *path[1:])} if path[0] in members else {}
        return {**schema, "properties": {**members, **inner}}
    may_be_file = schema.get("type", "string") == "string" and not {*schema} & _SAYING_WHICH
    return {"format": "binary", **schema} if may_be_file else schema


def _asks_for_file(schema: dict[str, JsonValue]) -> bool:
    return _is_base64(schema) or schema.get("format") == "binary" or isinstance(schema.get("contentMediaType"), str)


def _is_base64(schema: dict[str, JsonValue]) -> bool:
    return schema.get("contentEncoding") in _BASE64 or schema.get("format") == "byte"


def _read(name: str, path: Path, schema: dict[str, JsonValue]) -> File:
    try:
        return _look_at(path, schema)
    except NoFileError as error:
        message = f"the file that input `{name}` names cannot be read: {error}"
        fix = f"name a file that can be read: `-i {name}=@path`"
        raise ArazzoError(diagnose("inputs-unreadable", message, fix=fix)) from error


def _look_at(path: Path, schema: dict[str, JsonValue]) -> File:
    found = look_at(path)
    file = _as_described(File(found, found.size, found.digest, _guess(path.name), path.name), schema)
    if file.notation is Notation.TEXT and not is_utf8(found):
        raise NoFileError("it is not UTF-8 text")
    return file


def _as_described(file: File, schema: dict[str, JsonValue]) -> File:
    """Return a file with what the schema of its input says of it: its media type, and the text it is in JSON."""
    kind = schema.get("contentMediaType")
    if isinstance(kind, str):
        file = replace(file, media_type=kind)
    if _is_base64(schema):
        return file.in_base64()
    return replace(file, notation=Notation.TEXT) if isinstance(kind, str) and is_text(kind) else file


def _guess(filename: str) -> str:
    import mimetypes  # noqa: PLC0415 - only a file needs it

    # the tables of Python itself: those of the machine would make the request another one elsewhere
    kind, packed = mimetypes.MimeTypes().guess_type(filename)
    return (_PACKED.get(packed, OCTETS) if packed else kind) or OCTETS
