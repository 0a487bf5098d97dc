"""What to write where a step calls an operation as another format does, or a document lists what its steps call.

Decides the words of fixes: an ``operationRef`` names a file and an operation of it, and what stands as ``operations``
at the root of a document describes an API, which an OpenAPI description does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.fixed_fields import TARGETS
from arazzo_engine.language.reading.other_formats.fields import in_flow
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue

# the fields of a step that another format calls an operation by
CALLS: Final = ("method", "url", "uri", "endpoint", "operation", "operationRef", "call")
DESCRIBE: Final = "describe them under `paths` of an OpenAPI description, and list that in `sourceDescriptions`"
_CALL: Final = "name an operation of a source description: `operationId`, or `operationPath`"
_REFERENCE: Final = lazy_pattern(r"(?:\./)?(?P<file>[^#\s{}$]*)#/operations/(?P<id>[A-Za-z0-9_\-.]+)")
_SENT: Final = ("json", "body", "data", "payload")
# what is longer is not shown in a fix
_LONGEST: Final = 200
_OTHERWISE: Final = ("sources", "apis")


def instead_of_call(value: JsonValue) -> str:
    """Return what to write for a field of a step that another format calls an operation by.

    >>> instead_of_call("shop.yaml#/operations/list")
    'write `operationId: list`, and have `shop.yaml` among the `sourceDescriptions`'
    """
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return _CALL
    what = f"`{match['file']}`" if match["file"] else "a description with that operation"
    return f"write `operationId: {match['id']}`, and have {what} among the `sourceDescriptions`"


def without_second_call(name: str, step: Mapping[str, object]) -> str:
    """Return what to do with a call of another format in a step that names what it calls, empty in any other.

    >>> without_second_call("url", {"url": "/items", "operationId": "list"})
    'remove `url`: `operationId` names what is called'
    """
    named = next((each for each in TARGETS if each in step), None)
    return "" if named is None else f"remove `{name}`: `{named}` names what is called"


def is_request(value: JsonValue) -> bool:
    """Whether a field says a request by its method and its URL, as test files do: ``{method: GET, url: /items}``."""
    said = {name.casefold() for name in as_mapping(value)}
    return "method" in said and not said.isdisjoint({"url", "uri", "path", "endpoint"})


def body_of_request(value: JsonValue) -> str:
    """Return how what such a request sends is kept, as the rest of a fix; empty where it sends nothing, or too much.

    >>> body_of_request({"method": "POST", "url": "/items", "json": {"name": "x"}})
    '; what it sends is `requestBody: {payload: {name: x}}`'
    """
    said = as_mapping(value) if is_request(value) else {}
    bodies = [each for name, each in said.items() if name in _SENT]
    written = in_flow({"payload": bodies[0]}) if len(bodies) == 1 else ""
    return f"; what it sends is `requestBody: {written}`" if 0 < len(written) <= _LONGEST else ""


def instead_of_sources(document: Mapping[str, JsonValue]) -> str:
    """Return how the sources that a document lacks are written: the files that its steps name, if they name any."""
    files = dict.fromkeys(_files(document))
    named = ("api" if len(files) == 1 else f"api{number}" for number in range(1, len(files) + 1))
    urls = [write_scalar(each, in_flow=True) for each in files]
    written = ", ".join(f"{{name: {name}, url: {file}, type: openapi}}" for name, file in zip(named, urls, strict=True))
    return f"add `sourceDescriptions: [{written}]`" if files else ""


def sources_by_another_name(document: Mapping[str, JsonValue]) -> str | None:
    """Return the field of a document that lists its sources by the name of another format, ``None`` without one."""
    found = [name for name in _OTHERWISE if _lists_sources(document.get(name))]
    return found[0] if len(found) == 1 else None


def _lists_sources(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value) and all("url" in as_mapping(each) for each in value)


def _files(document: Mapping[str, JsonValue]) -> Iterator[str]:
    for workflow in as_list(document.get("workflows")):
        for step in as_list(as_mapping(workflow).get("steps")):
            match = _REFERENCE.fullmatch(str(as_mapping(step).get("operationRef")))
            if match is not None and match["file"]:
                yield match["file"]
