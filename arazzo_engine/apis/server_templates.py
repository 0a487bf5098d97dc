"""The URL template of a server, with a value for each of its variables.

Decides that a value stays in the part of the URL where its variable stands: it may be a scheme, a host or a path, but
what the description says around it keeps its meaning. Which server is used is not known here.
"""

from __future__ import annotations

import re
from itertools import accumulate, chain, zip_longest
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.paths import tokens_of
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.uris import has_dot_segment
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.vocabulary import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.operations import Server, ServerVariable

# RFC 3986, appendix B: scheme, authority, path, query and fragment, each with the sign that it begins or ends with
_URL: Final = lazy_pattern(r"((?:[^:/?#]+:)?)((?://[^/?#]*)?)([^?#]*)((?:\?[^#]*)?)(.*)", re.DOTALL)
_NAMES: Final = "sapqf"
_AUTHORITY, _PATH, _BEHIND = "a", "p", frozenset("qf")
_ANY: Final = "x"
# some readers of URLs leave them out, and what stood beside them comes together
_CONTROL: Final = lazy_pattern(r"[\x00-\x1f\x7f]")


class _Filled(Struct, frozen=True):
    """A variable of a template, and its value: the user's when it is ``given``, else the default."""

    name: str
    value: str
    is_given: bool
    variable: ServerVariable | None

    def fits(self, before: str, after: str) -> bool:
        """Whether the value stays in the parts ``before``, those of its variable; it has come to stand in ``after``."""
        if _BEHIND & {*after} or _CONTROL.search(self.value):
            return False
        if before == _AUTHORITY:
            return "@" not in self.value and self._is_like_described() and {*after} <= {_AUTHORITY, _PATH}
        return {*after} <= {*before}

    def _is_like_described(self) -> bool:
        """Whether a value that stands for a host goes on with a path only where the description's own values do."""
        described = () if self.variable is None else (self.variable.default or "", *self.variable.enum)
        if self.value in described:
            return True
        if any(each.startswith("/") for each in described):
            return self.value[:1] in {"", "/"}
        return "/" not in self.value or any("/" in each for each in described)


def variable_names(server: Server) -> tuple[str, ...]:
    """Return the names of the variables in the URL of a server."""
    return tuple(dict.fromkeys(tokens_of(server.url)[1::2]))


def fill(server: Server, given: Mapping[str, str], source: str) -> str:
    """Return the URL with the values that are given, else the defaults.

    Raises ``ArazzoError``: ``server-variable``, or ``api-malformed`` for a default that changes what is around it.
    """
    tokens = tokens_of(server.url)
    filled = [_fill(server, name, given, source) for name in tokens[1::2]]
    texts = list(_joined(tokens[::2], (each.value for each in filled)))
    for each in _misplaced(tokens[::2], texts, filled):
        raise ArazzoError(_changes(server, each))
    return "".join(texts)


def _fill(server: Server, name: str, given: Mapping[str, str], source: str) -> _Filled:
    variable = next((each for each in server.variables if each.name == name), None)
    value = given.get(name, None if variable is None else variable.default)
    if value is None:
        fix = f"give it with `--server-var {source}.{name}=…`"
        raise ArazzoError(_refused(server, f"the server's variable `{name}` has no value", fix))
    if variable is not None and variable.enum and value not in variable.enum:
        listed = ", ".join(f"`{each}`" for each in variable.enum)
        fix = did_you_mean(value, variable.enum) or any_of("use {}", variable.enum, otherwise="leave it out")
        message = f"the server's variable `{name}` is `{value}`, which is none of {listed}"
        raise ArazzoError(_refused(server, message, fix))
    return _Filled(name, value, name in given, variable)


def _misplaced(literals: list[str], texts: list[str], filled: list[_Filled]) -> Iterator[_Filled]:
    """Yield the variables whose values leave their part of the URL, or move what is literal into another one."""
    template = list(_joined(literals, _stand_ins(literals, filled)))
    before, after = _parts(template), _parts(texts)
    places = zip(filled, before[1::2], after[1::2], strict=False)  # what follows the last literal text is nothing
    yield from (each for each, *parts in places if not each.fits(*parts))
    climbs = has_dot_segment("".join(texts)) and not has_dot_segment("".join(template))
    if climbs or before[::2] != after[::2]:
        yield from filled


def _joined(literals: list[str], values: Iterable[str]) -> Iterator[str]:
    """Yield the literal texts with a value between each two of them."""
    return chain.from_iterable(zip_longest(literals, values, fillvalue=""))


def _stand_ins(literals: list[str], filled: list[_Filled]) -> list[str]:
    """Return what stands for each value when only the template is looked at: a letter, or the beginning of a URL."""
    is_beginning = bool(filled) and not literals[0] and "://" in filled[0].value and not literals[1].startswith("://")
    return [each.value if is_beginning and index == 0 else _ANY for index, each in enumerate(filled)]


def _parts(texts: list[str]) -> list[str]:
    """Return, for each of the texts that make a URL, in which part of it each character stands."""
    match = _URL.fullmatch("".join(texts))
    lengths = () if match is None else map(len, match.groups())
    names = "".join(name * length for name, length in zip(_NAMES, lengths, strict=True))
    return [names[end - len(text) : end] for text, end in zip(texts, accumulate(map(len, texts)), strict=True)]


def _changes(server: Server, each: _Filled) -> Diagnostic:
    if each.is_given:
        message = f"the value of the server's variable `{each.name}` changes what stands around it in `{server.url}`"
        fix = "give a value that stays in its part of the URL, or name the whole server with `--server`"
        return _refused(server, message, fix)
    message = f"the default of the server's variable `{each.name}` changes what stands around it in `{server.url}`"
    at = server.at.child("variables", each.name).location()
    return diagnose("api-malformed", message, at, fix=f"give another value with `--server-var {each.name}=…`")


def _refused(server: Server, message: str, fix: str) -> Diagnostic:
    return diagnose("server-variable", message, server.at.location(), fix=fix)
