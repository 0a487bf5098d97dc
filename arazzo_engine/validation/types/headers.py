"""Headers of answers that expressions read: a part of one, one that is misspelt, one that is not described.

Decides which of them is told. Few descriptions have all headers: one that many servers send is never told, and any
other only where the description lists headers of that answer. A header is a text, and has no parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.uses import Moment
from arazzo_engine.apis.schemas.answers import header_names
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import near_in_any_case
from arazzo_engine.vocabulary import listed

if TYPE_CHECKING:
    from arazzo_engine.validation.types.reading import Read
    from arazzo_engine.validation.types.yields import Yields

# the headers of answers that few descriptions have
_WELL_KNOWN: Final = ("Content-Type", "ETag", "Last-Modified", "Link", "Location", "Retry-After", "X-Request-Id")
_COMMON: Final = lazy_pattern(
    r"(?:content|access-control|cache|cf|x-amz[a-z]*|x-ms|x-goog|x-cache|alt|sec|strict|sunset|deprecation)-.*"
    r"|(?:x-)?(?:[a-z]+-)?rate-?limit.*|.*(?:request|correlation|trace|transaction|span)-?id|trace(?:parent|state)"
    r"|age|allow|accept.*|date|deprecation|expires|server(?:-timing)?|set-cookie|sunset|vary|via|warning|www-authenticate"
    r"|preference-applied|operation-location|idempotency.*|etag|last-modified|link|location|retry-after"
)
_MOST_LISTED: Final = 12


def is_header(read: Read) -> bool:
    """Whether an expression reads a header of an answer."""
    return read.expression.root is Root.RESPONSE and read.expression.names[0] == "header"


def of_header(read: Read, yields: Yields) -> Diagnostic | None:
    """Return what is wrong with the header that is read, if anything."""
    allowed = yields.allowed(read.seen)
    described = () if allowed is None else header_names(allowed.responses)
    name = read.expression.names[1]
    if _is_any(name, (*described, *_WELL_KNOWN)):
        return None
    whole = name.partition(".")[0]
    if whole != name and (_is_any(whole, described) or _COMMON.fullmatch(whole.lower())):
        return _of_part(read, whole)
    slip = near_in_any_case(name, (*described, *_WELL_KNOWN))
    if slip is None and (read.is_tentative or not described or _may_be_sent(name, read)):
        return None
    message = f"`{read.use.text}` names header `{name}`, which {read.owner} is not described to have"
    fix = f"did you mean `$response.header.{slip}`?" if slip is not None else _described(described)
    return diagnose("part-undescribed", message, read.use.at.location(read.use.span), fix=fix).as_warning()


def _of_part(read: Read, whole: str) -> Diagnostic:
    message = f"`{read.use.text}` leads into header `{whole}`, a text, which has no parts"
    fix = f"an expression reads a header whole: write `$response.header.{whole}`, or give what is in it as an input"
    found = diagnose("pointer-nowhere", message, read.use.at.location(read.use.span), fix=fix)
    is_certain = not read.is_tentative and read.use.moment is not Moment.ACTION
    return found if is_certain else found.as_warning()


def _may_be_sent(name: str, read: Read) -> bool:
    """Whether a header may come that the answer is not described to have: a common one, or one of another status."""
    target = None if read.seen.step is None else read.seen.step.target
    others = header_names(target.responses) if isinstance(target, Operation) else ()
    return _COMMON.fullmatch(name.lower()) is not None or _is_any(name, others)


def _described(names: tuple[str, ...]) -> str:
    return f"use what is described: {listed(names[:_MOST_LISTED])}"


def _is_any(name: str, names: tuple[str, ...]) -> bool:
    # RFC 9110, section 5.1: "Field names are case-insensitive"
    return name.lower() in {each.lower() for each in names}
