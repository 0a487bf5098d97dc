"""One operation as an API description of its own, in the shape in which openapi-core checks it.

Decides what of a description takes part in a check: the operation, what it refers to, and nothing that is policy.
Servers and security are left out, since the user may override the one and give the other in many ways; and what
openapi-core cannot read is left out rather than told as a fault of the message.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from msgspec import Struct

from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.documents.document import Place
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.messages.payloads import is_json, media_type

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.documents.values import JsonValue

HOST: Final = "https://contract.invalid"
VERSION: Final = re.compile(r"3\.([012])\.")
_READ_TYPES: Final = re.compile(r"application/x-www-form-urlencoded|text/plain")
_UNREAD_STYLES: Final = frozenset({"matrix", "label", "cookie"})


class OneOperation(Struct, frozen=True):
    """The description of one operation; ``minor`` is that of its OpenAPI version, ``unread`` what is not checked."""

    value: dict[str, Any]
    base_uri: str
    minor: int
    unread: tuple[str, ...]


def one_operation(operation: Operation, resolver: Resolver, sent: str, came: str) -> OneOperation | None:
    """Return the description of an operation, as far as messages of these media types can be checked against it.

    ``None`` when its OpenAPI version is not one that openapi-core knows.
    """
    version = resolver.documents.get(operation.description_uri).content.at(("openapi",))
    matched = VERSION.match(version) if isinstance(version, str) else None
    value = value_at(operation.at)
    if matched is None or not isinstance(value, dict):
        return None
    item = value_at(Place(operation.at.document, operation.at.pointer[:-1]))
    shared = as_mapping(item).get("parameters", [])
    unread: list[str] = []
    described = {name: each for name, each in value.items() if name != "security"}
    described["parameters"] = _parameters([*value.get("parameters", []), *shared], operation, resolver, unread)
    for name, type_ in (("requestBody", sent), ("responses", came)):
        if name in described and type_ and not is_read(type_):
            unread.append(f"bodies of type `{media_type(type_)}`")
            del described[name]
            described |= _without_bodies(name, operation.at, resolver)
    whole: JsonValue = operation.at.document.value
    kept = {name: each for name, each in whole.items() if name not in {"paths", "servers", "security", "webhooks"}}
    paths = {operation.path: {operation.method.lower(): described}}
    info = {"title": "", "version": ""}
    return OneOperation(
        {"info": info, **kept, "openapi": version, "servers": [{"url": HOST}], "paths": paths},
        operation.at.document.uri,
        int(matched[1]),
        tuple(dict.fromkeys(unread)),
    )


def is_read(type_: str) -> bool:
    """Whether a body of this media type can be checked against a schema."""
    return is_json(type_) or _READ_TYPES.fullmatch(media_type(type_)) is not None


def path_values(template: str, path: str) -> dict[str, str]:
    """Return the values of the placeholders of a path, decoded."""
    pattern = re.sub(r"\\\{[^{}]*\\\}", "([^/?#]*)", re.escape(template))
    matched = re.fullmatch(pattern, path)
    names = re.findall(r"\{([^{}]*)\}", template)
    return {} if matched is None else dict(zip(names, map(unquote, matched.groups()), strict=True))


def _parameters(listed: list[Any], operation: Operation, resolver: Resolver, unread: list[str]) -> list[Any]:
    styles = {(each.name, each.location.value): each.style for each in operation.parameters}
    secured = {
        (requirement.scheme.parameter_name, requirement.scheme.location) for requirement in operation.requirements
    }
    found = []
    for each in listed:
        described = _resolved(each, operation, resolver)
        key = str(described.get("name")), str(described.get("in"))
        style = styles.get(key, "")
        if style in _UNREAD_STYLES:
            unread.append(f"parameters of style `{style}`")
        elif key not in secured and key in styles:
            found.append(each)
    return found


def _resolved(value: Any, operation: Operation, resolver: Resolver) -> dict[str, Any]:  # noqa: ANN401 - JSON
    if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
        return as_mapping(value)
    return as_mapping(value_at(resolver.target(value["$ref"], operation.at)))


def _without_bodies(name: str, operation: Place, resolver: Resolver) -> dict[str, Any]:
    """Return what is left of the request body, or of the responses, when their bodies cannot be checked."""
    at = operation.child(name)
    value = value_at(at)
    if name == "requestBody" or not isinstance(value, dict):
        return {}
    described = {
        status: value_at(resolver.resolve(at.child(status))) for status in value if not status.startswith("x-")
    }
    responses = {
        status: {member: each for member, each in response.items() if member != "content"}
        for status, response in described.items()
        if isinstance(response, dict)
    }
    return {name: responses}
