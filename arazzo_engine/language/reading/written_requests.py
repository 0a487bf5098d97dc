"""A request that a step writes out itself by ``x-operation``, an extension of another tool, and calls by nothing else.

Decides what is one: a method, and a URL that is known before anything runs. Extensions "may or may not be supported by
the available tooling": this one has one reading, and without it the step would call nothing. One with anything else
stays unread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.fixed_fields import TARGETS
from arazzo_engine.language.objects import Parameter, WrittenRequest
from arazzo_engine.language.reading.extensions import instead_of
from arazzo_engine.language.templates import Literal
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

NAME: Final = "x-operation"
_FIELDS: Final = frozenset({"method", "url"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
# without a user, a fragment, an expression or a step up (`/../`); what stands in braces is a path parameter
_URL: Final = lazy_pattern(
    r"(?P<server>https?://[\w.\-]+(?::\d{1,5})?|https?://\[[0-9A-Fa-f:.]+\](?::\d{1,5})?)"
    r"(?![^?]*/\.\.?(?:[/?]|\Z))(?P<path>/(?:[^\s?#$\\{}]|\{\w[\w\-]*\})*)?(?:\?(?P<query>[^\s#$\\{}]*))?"
)


def read_written_request(step: dict[str, JsonValue], at: Place) -> WrittenRequest | None:
    """Return the request that a step calls by nothing but the extension, ``None`` without one that is known."""
    written = step.get(NAME)
    if not isinstance(written, dict) or written.keys() != _FIELDS or not step.keys().isdisjoint(TARGETS):
        return None
    method, url = written["method"], written["url"]
    match = _URL.fullmatch(url) if isinstance(url, str) else None
    if match is None or not isinstance(method, str) or method.upper() not in _METHODS:
        return None
    query = _asked_for(match["query"] or "")
    if query is None or not _once_each(query, step):
        return None  # a parameter of a step has one value
    place = at.child(NAME)
    parameters = (Parameter(place, name, Literal(value, place.child("url")), "query") for name, value in query)
    return WrittenRequest(place, method.upper(), match["server"], match["path"] or "/", tuple(parameters))


def _asked_for(query: str) -> list[tuple[str, str]] | None:
    """Return what a query asks for, ``None`` for one that would be sent otherwise: a name alone, no UTF-8."""
    try:
        return parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict") if query else []
    except ValueError:
        return None


def _once_each(query: list[tuple[str, str]], step: dict[str, JsonValue]) -> bool:
    """Whether a query gives each name once, and the step none of them, wherever it goes; a reference may be any."""
    beside = [as_mapping(each) for each in as_list(step.get("parameters"))]
    given = {str(each.get("name")) for each in beside}
    is_known = not query or all("reference" not in each and "$ref" not in each for each in beside)
    return is_known and len({name for name, _ in query} - given) == len(query)


def told_of_written_request(request: WrittenRequest) -> Diagnostic:
    """Return the warning that a step is read as a call of what nothing describes."""
    message = (
        f"`{NAME}` is read as a call of `{request.method} {request.url}`, which no description has:"
        " neither what is sent nor what comes is checked against one"
    )
    return diagnose(
        "repaired",
        message,
        request.at.key_location(),
        fix=instead_of(NAME, None, None),
        kind="a step calls by an extension",
    )
