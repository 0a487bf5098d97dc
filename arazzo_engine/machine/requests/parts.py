"""The parts of a request while it is put together: each parameter, written as text, in the part where it stands.

Decides which part that is. How a value is written is decided by ``parameters``, how the URL is joined by ``urls``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.apis.descriptions.paths import placeholder_of, placeholders, split_path, takes_segments
from arazzo_engine.apis.wire_forms.parameters import (
    cookie_pairs,
    header_text,
    path_text,
    query_pairs,
    query_string,
    query_text,
)
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.typed import SilentState

if TYPE_CHECKING:
    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.documents.sizes import Room
    from arazzo_engine.documents.values import JsonValue


class Parts(SilentState):
    """``path`` is the template of the path and its query, ``path_texts`` what stands in its placeholders.

    The values share one ``room``.
    """

    path: str
    room: Room
    path_texts: dict[str, str] = field(default_factory=dict)
    query: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    path_values: dict[str, JsonValue] = field(default_factory=dict)
    query_values: dict[str, JsonValue] = field(default_factory=dict)
    written: list[tuple[ParameterDescription, JsonValue]] = field(default_factory=list)

    def place(self, description: ParameterDescription, name: str, value: JsonValue) -> None:
        """Write a parameter, which the step calls by this name, into its part."""
        location = description.location
        match location:
            case In.PATH:
                self.path_values[name] = value
                self._place_in_path(description, value)
            case In.QUERY:
                self.query_values[name] = value
                self._place_in_query(description, value)
            case In.HEADER:
                # RFC 9110, section 7.2: the Host header is "the host and port information from the target URI"
                if name.lower() != "host":
                    self.headers.append((name, header_text(description, value)))
            case In.COOKIE:
                self.cookies.extend(cookie_pairs(description, value))
            case In.QUERYSTRING:
                self.query.extend(query_string(description, value))
            case _:
                assert_never(location)

    def _place_in_path(self, description: ParameterDescription, value: JsonValue) -> None:
        path, query = map(placeholders, split_path(self.path))
        if token := placeholder_of(description.name, path):
            self.path_texts[token] = path_text(_as_in_path(description, token), value, several=takes_segments(token))
        elif token := placeholder_of(description.name, query):
            self._fill_query(token, query_text(description, value))

    def _place_in_query(self, description: ParameterDescription, value: JsonValue) -> None:
        path, query = map(placeholders, split_path(self.path))
        if description.name in query and description.name not in path:
            # it is written once, where the path has its place
            self._fill_query(description.name, query_text(description, value))
        else:
            self.query.extend(query_pairs(description, value))

    def _fill_query(self, token: str, text: str) -> None:
        if self.path_texts.setdefault(token, text) != text:
            message = f"`{token}` of the path has one place in the query, and two values: `in: path` and `in: query`"
            raise ArazzoError(diagnose("value-unsendable", message, fix="give one of them"))

    def all_headers(self) -> tuple[tuple[str, str], ...]:
        """Return the headers with the cookies, which are one of them."""
        if not self.cookies:
            return tuple(self.headers)
        # RFC 6265, section 5.4: "the user agent MUST NOT attach more than one Cookie header field"
        given = [value.strip("; ") for name, value in self.headers if name.lower() == "cookie"]
        rest = [each for each in self.headers if each[0].lower() != "cookie"]
        return *rest, ("Cookie", "; ".join(filter(None, (*given, *self.cookies))))


def _as_in_path(description: ParameterDescription, token: str) -> ParameterDescription:
    # RFC 6570, section 3.2.3: "Reserved expansion" allows "reserved characters and pct-encoded triplets"
    return replace(description, allow_reserved=True) if token.startswith("+") else description
