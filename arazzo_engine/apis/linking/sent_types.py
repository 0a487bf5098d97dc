"""The media type that a step's payload is sent as, as far as its text decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.wire_forms.content_types import inner_kind, kind_of_payload, request_media_type
from arazzo_engine.language.templates import Literal

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import Operation
    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.language.objects import Parameter
    from arazzo_engine.language.templates import Template


def content_type_of(linked: LinkedStep, operation: Operation, payload: Template) -> str:
    """Return the media type that a payload is sent as."""
    given = given_content_type(linked)
    return request_media_type(given, operation, kind_of_payload(payload), inner_kind(payload))


def names_content_type(linked: LinkedStep) -> bool:
    """Whether the step says itself of which media type its body is."""
    body = linked.step.request_body
    return (body is not None and bool(body.content_type)) or any(map(_is_content_type, linked.parameters))


def _is_content_type(parameter: Parameter) -> bool:
    return parameter.location == In.HEADER and parameter.name.lower() == "content-type"


def given_content_type(linked: LinkedStep) -> str | None:
    """Return the media type that the step writes out for its body, ``None`` where it does not."""
    body = linked.step.request_body
    if body is not None and body.content_type:
        return body.content_type
    for each in linked.parameters:
        if _is_content_type(each) and isinstance(each.value, Literal) and isinstance(each.value.value, str):
            return each.value.value
    return None
