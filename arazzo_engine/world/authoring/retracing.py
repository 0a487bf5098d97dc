"""Making a first document of traffic that was recorded: which operation each request was for, and what is left out.

Decides it by method and path, and where several descriptions have them, by the server. What failed, and what no
description knows, is left out and told.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import Struct

from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import origin_of
from arazzo_engine.drafting.draft import Draft
from arazzo_engine.drafting.exchanges import Exchange, Matched, folded
from arazzo_engine.drafting.retracing import retrace
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.mocking.routes import Found, routes_of
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.recording.effects import read_body
from arazzo_engine.recording.recording import Recording
from arazzo_engine.secret_names import hide_in_urls
from arazzo_engine.world.authoring.drafting import is_on_network, try_out
from arazzo_engine.world.loading.disk_files import is_there
from arazzo_engine.world.loading.file_uris import location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.drafting.stories import Known
    from arazzo_engine.mocking.routes import Routes
    from arazzo_engine.recording.captures import Capture
    from arazzo_engine.world.authoring.drafting import Apis, Drafted
    from arazzo_engine.world.engine import Engine

# a description says what it is at its beginning
_HEAD: Final = 2_000
_API: Final = lazy_pattern(rb"""(?:^|[{,])\s*["']?(?:openapi|swagger)["']?\s*:""", re.MULTILINE)


class Retraced(Struct, frozen=True):
    """A draft of what was recorded: how many exchanges became steps, and what of the others is told."""

    drafted: Drafted
    steps: int
    left_out: tuple[str, ...]


class _Api(Struct, frozen=True):
    """The operations of a description by their routes; ``origins`` are those of its servers."""

    known: dict[int, Known]
    routes: Routes
    origins: frozenset[object]


def descriptions_of(traffic: Recording | Capture) -> tuple[str, ...]:
    """Return where the API descriptions of a recorded run are; raises ``ArazzoError`` (``option-invalid``) for none."""
    texts = traffic.read if isinstance(traffic, Recording) else ()
    found = [each.found for each in texts if isinstance(traffic, Recording) and _is_api(traffic.texts[each.digest])]
    places = [location_of(each) for each in found]
    there = tuple(dict.fromkeys(each for each in places if is_on_network(each) or is_there(Path(each))))
    if not there:
        message = f"{traffic.name} does not say which API descriptions its requests belong to"
        fix = f"name them: `arazzo new --from {traffic.name} openapi.yaml`"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    return there


def _is_api(text: bytes) -> bool:
    return _API.search(text[:_HEAD]) is not None


def redraft(traffic: Recording | Capture, apis: Apis, engine: Engine, folder: Path) -> Retraced:
    """Return the draft that does what was recorded.

    Raises ``ArazzoError`` (``operation-not-found``) when no request is one of the descriptions'.
    """
    known = _apis(apis)
    found = [(each, _match(each, known)) for each in folded(_exchanges(traffic))]
    story = [matched for each, matched in found if matched is not None and each.succeeded]
    if not story:
        message = f"no request in {traffic.name} is one that the descriptions have, and succeeded"
        fix = "name the descriptions of the servers that were asked"
        raise ArazzoError(diagnose("operation-not-found", message, fix=fix))
    failed = (_told(each) for each, matched in found if matched is None or not each.succeeded)
    left_out = (*failed, *_unanswered(traffic))
    document = retrace(story, Draft(apis.sources))
    return Retraced(try_out(document, engine, folder), len(story), left_out)


def _exchanges(traffic: Recording | Capture) -> Iterator[Exchange]:
    """Yield what was asked and answered, without what was asked for a token."""
    for line in traffic.lines:
        value = line.value
        is_of_run = line.effect == "send" and value.get("step", ()) is not None
        if is_of_run and "response" in value.get("reply", {}):
            yield _exchange(value["request"], value["reply"]["response"])


def _unanswered(traffic: Recording | Capture) -> Iterator[str]:
    """Yield the requests of which nobody knows what became: none of them is a step, and each is told."""
    for line in traffic.lines:
        value = line.value
        if line.effect == "send" and value.get("step", ()) is not None and "response" not in value.get("reply", {}):
            yield f"{value['request']['method']} {hide_in_urls(value['request']['url'])} without an answer"


def _exchange(sent: dict[str, Any], came: dict[str, Any]) -> Exchange:
    request = Request(sent["method"], sent["url"], _headers(sent), read_body(sent["body"]))
    return Exchange(request, Response(came["status"], _headers(came), read_body(came["body"])))


def _headers(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in message["headers"])


def _apis(apis: Apis) -> tuple[_Api, ...]:
    by_source = {each.name: [known for known in apis.known if known.source == each.name] for each in apis.sources}
    return tuple(_api(known) for known in by_source.values() if known)


def _api(known: list[Known]) -> _Api:
    operations = [each.operation for each in known]
    origins = frozenset(origin_of(server.url) for each in operations for server in each.servers)
    return _Api({id(each.operation): each for each in known}, routes_of(operations), origins)


def _match(exchange: Exchange, apis: tuple[_Api, ...]) -> Matched | None:
    """Return the operation of a request, of the description whose server it went to before all others."""
    url = exchange.request.url
    for api in sorted(apis, key=lambda each: origin_of(url) not in each.origins):
        found = api.routes.find(exchange.request.method, urlsplit(url).path)
        if isinstance(found, Found):
            return Matched(exchange, api.known[id(found.operation)], found.values)
    return None


def _told(exchange: Exchange) -> str:
    return f"{exchange.request.method} {hide_in_urls(exchange.request.url)} {exchange.response.status}"
