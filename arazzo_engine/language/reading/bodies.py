"""Reading request bodies: a payload, and the replacements in it.

Decides in which language a target is written when the document does not say. Whether the payload can be sent is for
the checks to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language import fixed_fields as fields
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.objects import PayloadReplacement, RequestBody
from arazzo_engine.language.queries.compiling import read_query
from arazzo_engine.language.queries.expression_types import SELECTOR_LANGUAGES, ExpressionType, Language, default_type
from arazzo_engine.language.reading.values import read_expression_type, read_value

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.reading.nodes import Node


def read_request_body(node: Node) -> RequestBody | None:
    """Read the Request Body Object of a step, if it has one."""
    body = node.child("requestBody", fields.REQUEST_BODY)
    if body is None:
        return None
    if body.raw("replacements") not in (ABSENT, []) and "payload" not in body.value:
        # a target "MUST be resolved against the request body": without a payload there is none
        fix = "add `payload`, with a value at each `target`"
        body.problem("field-missing", "the request body has `replacements` and no `payload`", "replacements", fix)
    content_type = body.optional_text("contentType")
    default = _default_target_type(content_type, body.raw("payload"))
    replacements = tuple(body.nodes("replacements", fields.PAYLOAD_REPLACEMENT))
    _check_repeated(body, replacements)
    return RequestBody(
        at=body.at,
        content_type=content_type,
        payload=read_value(body, "payload") if "payload" in body.value else None,
        replacements=tuple(_read_replacement(each, default) for each in replacements),
    )


def _check_repeated(body: Node, replacements: tuple[Node, ...]) -> None:
    """Note a target that is replaced already: what was put there first is never sent."""
    found: dict[tuple[str, str], Place] = {}
    for each in replacements if len(replacements) > 1 else ():
        target = str(each.value.get("target")), str(each.value.get("targetSelectorType"))
        if target in found:
            message = f"`replacements` has the target `{target[0]}` twice, and the second value stands"
            body.note_repeated(each.at, message, found[target], "entry-repeated")
        found.setdefault(target, each.at)


def _default_target_type(content_type: str | None, payload: Value) -> ExpressionType:
    # "`target` MUST be interpreted as JSON Pointer if the payload is `application/json`", and as XPath "if the payload
    # is `application/xml` or another XML-based media type". Any other object or array has places for a JSON Pointer,
    # and without a `contentType` the payload itself says what it is.
    xml = is_xml(content_type) if content_type else isinstance(payload, str) and payload.lstrip().startswith("<")
    return default_type(Language.XPATH if xml else Language.JSONPOINTER)


def _read_replacement(node: Node, default: ExpressionType) -> PayloadReplacement:
    target = node.text("target")
    given = read_expression_type(node, "targetSelectorType", SELECTOR_LANGUAGES)
    has_type = "target" in node.value and (given is not None or "targetSelectorType" not in node.value)
    return PayloadReplacement(
        at=node.at,
        target=target,
        value=read_value(node, "value"),
        target_selector_type=given,
        query=read_query(target, given or default, node.at.child("target"), node.reading.problems)
        if has_type
        else None,
    )
