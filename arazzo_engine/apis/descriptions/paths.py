"""The places that a description names: the key of a path, with its placeholders and its query, and servers.

Decides which are refused as they are written, because a request to them would go elsewhere, or lose a part of its URL.
What stands in a placeholder, and what the whole URL is, is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose
from arazzo_engine.documents.uris import has_dot_segment
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from arazzo_engine.documents.document import Place

_PLACEHOLDER: Final = lazy_pattern(r"\{([^{}]*)\}")
_PARTS: Final = lazy_pattern(r"((?:\{[^{}]*\}|[^?])*)\??(.*)", re.DOTALL)
_CLAUSE: Final = "OpenAPI, Paths Object; RFC 3986, section 3"
_CLAUSE_OF_SERVERS: Final = "OpenAPI 3.2, Server Object, url; RFC 3986, section 3"
_CLAUSE_OF_HOSTS: Final = "OpenAPI 2.0, Swagger Object, host and basePath"
# RFC 6570, section 2.2: what these begin is more than the value of a name
_OPERATOR: Final = lazy_pattern(r"\{([/.;?&#])(\w[^{}]*)\}")
# how frameworks write what OpenAPI has in braces: the name between signs of their own, or a segment behind a colon
_OTHER_FORMS: Final = lazy_pattern(
    r"<<(?P<a>[^<>]+)>>|<(?P<b>[^<>]+)>|\{\{(?P<c>[^{}]+)\}\}|\[(?P<d>[^\[\]]+)\]|(?<=/):(?P<e>[\w\-]+)(?=[/.:?]|$)"
)
_HOST_ALONE: Final = lazy_pattern(r"[^/?#@\\\s]+")
_ANOTHER_SERVER: Final = "or name another server with `--server`"


def split_path(path: str) -> tuple[str, str]:
    """Return the path itself and its query, which no version of OpenAPI forbade before 3.2, and many paths have.

    >>> split_path("/{Bucket}?list-type=2"), split_path("/{which?}/items")
    (('/{Bucket}', 'list-type=2'), ('/{which?}/items', ''))
    """
    match = _PARTS.fullmatch(path)
    return (path, "") if match is None else (match[1], match[2])


def tokens_of(template: str) -> list[str]:
    """Return the literal texts of a template and, between them, the names of its placeholders."""
    return _PLACEHOLDER.split(template)


def placeholders(path: str) -> tuple[str, ...]:
    """Return the names that a path has in braces."""
    return tuple(dict.fromkeys(tokens_of(path)[1::2]))


def in_braces(path: str, names: Collection[str]) -> str:
    """Return a path with the placeholders of these names that have another form in it.

    >>> in_braces("/shops/:shop/<<id>>", ["id", "shop"]), in_braces("/shops/{id}:open", ["id", "open"])
    ('/shops/{shop}/{id}', '/shops/{id}:open')
    """

    def written(found: re.Match[str]) -> str:
        name = next(each for each in found.groups() if each is not None).strip()
        return f"{{{name}}}" if name in wanted else found[0]

    wanted = {*names} - {*placeholders(_OTHER_FORMS.sub("", path))}
    return _OTHER_FORMS.sub(written, path)


def query_placeholders(path: str) -> tuple[str, ...]:
    """Return the names that the query of a path has in braces."""
    return placeholders(split_path(path)[1])


def placeholder_of(name: str, names: Collection[str]) -> str | None:
    """Return the placeholder that is of a parameter, also where it says that it takes several segments.

    >>> placeholder_of("key", ["bucket", "key+"]), placeholder_of("parent", ["+parent"])
    ('key+', '+parent')
    """
    return next((each for each in (name, f"{name}+", f"+{name}") if each in names), None)


def takes_segments(placeholder: str) -> bool:
    """Whether a placeholder takes several segments: gateways write `{key+}`, RFC 6570 `{+parent}`."""
    return placeholder.startswith("+") or placeholder.endswith("+")


def is_written(name: str, path: str) -> bool:
    """Whether the query of a path has a parameter of this name with its value."""
    pieces = (piece.partition("=") for piece in split_path(path)[1].split("&"))
    return any(each == name and not placeholders(value) for each, _, value in pieces)


def check_path(path: str, at: Place) -> None:
    """Raise ``ArazzoError`` (``api-malformed``) for a key that would lead a request elsewhere; ``at`` is its place."""
    for problem, fix in _problems(path):
        message = f"the path `{path}` {problem}"
        raise ArazzoError(diagnose("api-malformed", message, at.key_location(), fix=fix, clause=_CLAUSE))


def _problems(path: str) -> Iterator[tuple[str, str]]:
    literals = _PLACEHOLDER.sub("x", path)
    # "The field name MUST begin with a forward slash (`/`)."
    if not path.startswith("/"):
        yield "does not begin with `/`, and would change the host of the server", f"write `/{path}`"
    # RFC 3986, section 3.5: a fragment is not part of what is asked for
    if "#" in literals:
        yield "has a `#`: neither what follows it nor the query would be sent", "leave out the `#` and what follows it"
    if operator := _OPERATOR.search(path):
        problem = f"has `{operator[0]}`, an expression of RFC 6570, where a path has names in braces"
        sign, name = operator.groups()
        yield (
            problem,
            f"write `{sign}{{{name}}}`" if sign in "/." else "leave it out, and describe what it adds as parameters",
        )
    if has_dot_segment(literals.partition("?")[0]):
        yield "has a segment of dots, which leads out of the path before it", "write the path that it leads to"


def why_no_server(url: str, at: Place) -> Diagnostic | None:
    """Return why no request can go to the URL of a server, whatever its variables are; ``None`` when one can."""
    # "Query and fragment MUST NOT be part of this URL."
    literals = _PLACEHOLDER.sub("x", url)
    if not {"?", "#"} & {*literals}:
        return None
    message = f"the server's URL has a {'query' if '?' in literals else 'fragment'}, where the path would be lost"
    fix = f"leave out what begins with `{'?' if '?' in literals else '#'}`, {_ANOTHER_SERVER}"
    return diagnose("api-malformed", message, at.location(), fix=fix, clause=_CLAUSE_OF_SERVERS)


def why_no_host(host: str, at: Place) -> Diagnostic | None:
    """Return why a ``host`` of OpenAPI 2.0 is none."""
    # "This MUST be the host only and does not include the scheme nor sub-paths. It MAY include a port."
    if _HOST_ALONE.fullmatch(host):
        return None
    fix = f"write a scheme in `schemes` and a path as `basePath`, {_ANOTHER_SERVER}"
    return diagnose(
        "api-malformed", "`host` is more than a host and a port", at.location(), fix=fix, clause=_CLAUSE_OF_HOSTS
    )


def why_no_base_path(path: str, at: Place) -> Diagnostic | None:
    """Return why a ``basePath`` of OpenAPI 2.0 is none: after a host, it would change the host or lose the path."""
    # "The value MUST start with a leading slash (`/`)." With two, it could be read as a host.
    if path.startswith("/") and not path.startswith("//") and not {"?", "#"} & {*path}:
        return None
    message = f"`basePath` is not a path alone that begins with one `/`: `{path}`"
    fix = f"write `/` and the path alone, {_ANOTHER_SERVER}"
    return diagnose("api-malformed", message, at.location(), fix=fix, clause=_CLAUSE_OF_HOSTS)
