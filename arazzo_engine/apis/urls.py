"""The URL of a request, joined from its parts: origin, base path, path and query. No other place joins one.

Decides that origin and base path are the server's, whatever stands in a path or in a value. Which server it is, and how
a value is written, is not known here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import placeholders, split_path, tokens_of
from arazzo_engine.apis.hosts import encode_host, host_name
from arazzo_engine.apis.wire_forms.percent_encoding import encode_foreign
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.uris import PORTS, has_dot_segment, without_dot_segments
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_URL: Final = lazy_pattern(r"(https?://([^/?#]*))([^?#]*)([?#]?).*", re.IGNORECASE | re.DOTALL)
# a name, one of another alphabet too, or an address; and a port
_AUTHORITY: Final = lazy_pattern(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[\w\-]+(?:\.[\w\-]+)*\.?)(?::(?P<port>[0-9]{0,9}))?")
_LAST_PORT: Final = 65_535
_BEHIND: Final = {"?": "a query", "#": "a fragment"}


class BaseUrl(Struct, frozen=True):
    """Where requests go: scheme, host and port, and the path that all of them begin with, without a slash at its end.

    >>> str(BaseUrl("https://api.example.com", "/v1"))
    'https://api.example.com/v1'
    """

    origin: str
    path: str = ""

    @property
    def host(self) -> str:
        """What the ``Host`` header of a request says.

        >>> BaseUrl("https://api.example.com:443").host, BaseUrl("http://[::1]:8080").host
        ('api.example.com', '[::1]:8080')
        """
        return _host_of(self.origin)

    def __str__(self) -> str:
        return self.origin + self.path


@lru_cache(128)
def _host_of(origin: str) -> str:
    """Read an origin: a run asks the same few servers again and again."""
    match = _URL.fullmatch(origin)
    authority = _AUTHORITY.fullmatch(match[2]) if match is not None else None
    if authority is None:
        raise ValueError("this is no origin of requests")
    scheme, port = origin.partition(":")[0].lower(), int(authority["port"] or 0)
    return host_name(encode_host(authority["host"]), None if port in {0, PORTS[scheme]} else port)


def request_url(base: BaseUrl, path: str, texts: Mapping[str, str], query: Sequence[str] = ()) -> str:
    """Return the URL of a request: each placeholder of the path replaced by its text, the queries of both together.

    The texts and the pieces of the query are encoded already. A piece of the path's own query without a text for its
    placeholder is left out, and none is there twice. Raises ``ArazzoError`` (``value-unsendable``).

    >>> request_url(BaseUrl("https://h", "/v1"), "/{a}?b&d={d}", {"a": "x"}, ["b", "c=1"])
    'https://h/v1/x?b&c=1'
    """
    template, query_template = split_path(path)
    own_path = _expand(template, texts)
    if has_dot_segment(own_path):
        message = f"the values for the path `{path}` would change the route together"
        raise ArazzoError(diagnose("value-unsendable", message, fix="give values that do not end in dots"))
    filled = [each for each in query_template.split("&") if texts.keys() >= {*placeholders(each)}]
    given = {each.partition("=")[0] for each in query}
    # `?acl` says no value, and a parameter `acl` may give it one
    own = [_expand(each, texts) for each in filled if "=" in each or each not in given]
    _refuse_two_values([each for each in filled if not placeholders(each)], query)
    pieces = "&".join(filter(None, (*own, *(each for each in query if each not in own))))
    return f"{base}{own_path}{'?' if pieces else ''}{pieces}"


def _refuse_two_values(written: Sequence[str], query: Sequence[str]) -> None:
    """Raise ``ArazzoError`` where a parameter says something else than the path: two values would be sent."""
    given = {each.partition("=")[0] for each in query}
    for each in written:
        name, sign, _ = each.partition("=")
        if sign and name in given and each not in query:
            message = f"the query of the path says `{each}`, and the parameter `{name}` another value"
            raise ArazzoError(diagnose("value-unsendable", message, fix="leave the parameter out"))


def template_url(base: BaseUrl, path: str) -> str:
    """Return the URL of an operation whose values are not known yet, with its placeholders.

    >>> template_url(BaseUrl("https://h", "/v1"), "/{a}?d={d}")
    'https://h/v1/{a}?d={d}'
    """
    return f"{base}{_expand(path, {})}"


def _expand(template: str, texts: Mapping[str, str]) -> str:
    # the odd ones are the names of the placeholders
    return "".join(
        texts.get(token, f"{{{token}}}") if index % 2 else encode_foreign(token)
        for index, token in enumerate(tokens_of(template))
    )


@lru_cache(128)
def read_base(url: str) -> BaseUrl:
    """Return the parts of a URL that nothing keeps requests from, as ``why_no_base`` says.

    >>> str(read_base("https://api.example.com/ü/../v1/"))
    'https://api.example.com/v1'
    """
    match = _URL.fullmatch(url)
    if match is None or why_no_base(url):
        raise ValueError("this URL is not one that requests can go to")
    return BaseUrl(_in_ascii(match[1]), without_dot_segments(encode_foreign(match[3])))


def _in_ascii(origin: str) -> str:
    # RFC 3986, section 3.2.2: a name of other letters is asked for "as used by IDNA"
    return origin if origin.isascii() else f"{origin.partition('//')[0]}//{BaseUrl(origin).host}"


@lru_cache(128)
def why_no_base(url: str) -> str:
    """Return why requests cannot be sent below a URL, to follow its name; nothing when they can.

    >>> why_no_base("https://api.example.com/v1"), why_no_base("http://127.0.0.1:99999")
    ('', 'has no port from 1 to 65535')
    """
    match = _URL.fullmatch(url)
    if match is None or not match[2]:
        return "is no http or https URL"
    if "@" in match[2]:
        return "has a user or a password in it, which would be shown and never sent"
    authority = _AUTHORITY.fullmatch(match[2])
    if authority is None or any(len(label) > 63 for label in authority["host"].split(".")):  # noqa: PLR2004 - RFC 1035, section 2.3.4
        return "has a host that is no name or address"
    try:
        encode_host(authority["host"])
    except ValueError as error:
        return f"has a host that cannot be asked: {error}"
    if authority["port"] and not 0 < int(authority["port"]) <= _LAST_PORT:
        return f"has no port from 1 to {_LAST_PORT}"
    # OpenAPI 3.2, Server Object, url: "Query and fragment MUST NOT be part of this URL."
    return f"has {_BEHIND[match[4]]}, where the path of an operation would be lost" if match[4] else ""
