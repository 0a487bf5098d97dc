"""XPath criteria over XML whose description has a namespace, with names that have none: read as names of any namespace.

By the letter a name without a prefix is in no namespace, and selects nothing there for certain. The same rule as for
other repairs: only the root that is described counts, and a query that does not begin with it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from arazzo_engine.apis.descriptions.shapes import shape_of
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.language.messages.payloads import is_xml
from arazzo_engine.language.queries.compiling import read_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.apis.descriptions.operations import ResponseDescription
    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.language.objects import Criterion

NAMESPACE: Final = "the XML is described with a namespace, and a name without a prefix is in none"


def as_named(
    criterion: Criterion, responses: Sequence[ResponseDescription], resolver: Resolver, problems: list[Diagnostic]
) -> Criterion:
    """Return a criterion whose XPath takes the names of elements in any namespace, where the root has one."""
    roots = _roots(responses, resolver)
    if criterion.query is None or not roots or not all(namespace for _, namespace in roots):
        return criterion
    from arazzo_engine.language.queries.xpath import in_any_namespace, names_in  # noqa: PLC0415 - few queries are XPath

    version, text, at = criterion.type.version, criterion.condition, criterion.at.child("condition")
    names = names_in(version, text)
    if not names.roots or any(names.roots != {name} for name, _ in roots if name):
        return criterion
    written = in_any_namespace(version, text, names)
    query = read_query(written, criterion.type, at, list[Diagnostic]())
    if query is None:
        return criterion
    problems.extend(told(text, written, NAMESPACE, at))
    return replace(criterion, condition=written, query=query)


def _roots(responses: Sequence[ResponseDescription], resolver: Resolver) -> set[tuple[str, str]]:
    """Return the name and the namespace of the root of each answer that is described as XML."""
    found: set[tuple[str, str]] = set()
    for each in (each for response in responses for each in response.media_types if is_xml(each.name)):
        try:
            shape = shape_of(each.schema, resolver)
        except ArazzoError:
            shape = None
        found.add(("", "") if shape is None else (shape.xml.name or shape.name, shape.xml.namespace))
    return found
