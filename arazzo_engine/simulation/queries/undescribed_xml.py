"""XML of which the description says no more than that it is a text: written by what the criteria ask of it.

Decides the name of its root. What is in it is decided by whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.schemas import Shape, Xml
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.queries.expression_types import Language
from arazzo_engine.simulation.queries.xpath import of_local_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.language.objects import Criterion
    from arazzo_engine.simulation.answers import Draft


def with_root(draft: Draft, criteria: Iterable[Criterion]) -> Draft:
    """Return a draft of XML that has the root which criteria name, where the description has a mere text."""
    body = draft.body
    if draft.is_given or not is_xml(draft.content_type) or not isinstance(body, str) or body.lstrip()[:1] == "<":
        return draft
    from arazzo_engine.language.queries.xpath import names_in  # noqa: PLC0415 - few answers are XML

    asking = [each for each in criteria if each.asks_body_by(Language.XPATH)]
    texts = [(each.type.version, of_local_names(each.condition)) for each in asking]
    roots = {root for version, text in texts for root in names_in(version, text).roots}
    if len(roots) != 1:
        return draft
    return replace(draft, body={}, schema=None, shape=Shape(xml=Xml(roots.pop())))
