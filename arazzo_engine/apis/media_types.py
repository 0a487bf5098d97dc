"""Which media type a request body has, and whether the engine can write it.

Decides from the step and its operation. JSON is written from any value; text only from a string, as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.payloads import is_json, media_type
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate

if TYPE_CHECKING:
    from arazzo_engine.apis.operations import Operation
    from arazzo_engine.language.templates import Template

JSON: Final = "application/json"
_TEXT: Final = re.compile(r"text/.+|application/(xml|graphql|yaml|javascript|x-ndjson)|.+\+(xml|yaml)")


def request_media_type(given: str | None, operation: Operation) -> str:
    """Return the media type of a request body.

    "If omitted then refer to Content-Type specified at the targeted operation": JSON when it is among them.
    """
    if given is not None:
        return given
    documented = [] if operation.request_body is None else [each.name for each in operation.request_body.media_types]
    return next((each for each in documented if is_json(each)), documented[0] if documented else JSON)


def can_write(name: str, payload: Template) -> bool:
    """Whether a payload can become a body of this media type."""
    if is_json(name):
        return True
    structured = isinstance(payload, ObjectTemplate | ArrayTemplate)
    literal = isinstance(payload, Literal) and not isinstance(payload.value, str)
    return _TEXT.fullmatch(media_type(name)) is not None and not structured and not literal
