"""The keys of a project file: what may stand there, what a value must be, and what it means for an engine.

One table: it checks a file, feeds the engine, and is the table of the documents. What widens what a run may do (no
verification, another way to the servers, a second charge) is asked for with each command, and is no key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct

from arazzo_engine.apis.urls import why_no_base
from arazzo_engine.machine.settings import LONGEST
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.world.loading.disk_files import is_folder
from arazzo_engine.world.loading.project import real_path
from arazzo_engine.world.projects.references import Reference, is_reference, read_reference

if TYPE_CHECKING:
    from pathlib import Path

    from arazzo_engine.diagnostics import Location

_REMOTE: Final = lazy_pattern(r"https?://", re.IGNORECASE)
_DIGITS: Final = lazy_pattern(r"\d+(?:\.\d+)?")
_SPACE: Final = lazy_pattern(r"\s")
_CHECKS: Final = ("off", "warn", "error")
_KEYRING: Final = "keyring"


class WrongValueError(Exception):
    """A value that a key cannot have: what it must be, and how it is written."""

    def __init__(self, must: str, fix: str) -> None:
        super().__init__(must)
        self.must = must
        self.fix = fix


class Site(Struct, frozen=True):
    """Where a value is written: its name and place, the folder where relative paths start, the root when it has one."""

    name: str
    location: Location
    folder: Path
    root: Path | None = None


Read: TypeAlias = Callable[[Any, Site], Any]


class Key(Struct, frozen=True):
    """A key: what reads its value, which option of the engine it is, and what it must be, as the documents say it."""

    read: Read
    option: str
    meaning: str


def is_remote(location: str) -> bool:
    """Whether a source is on the network."""
    return _REMOTE.match(location) is not None


def _flag(value: object, _: Site) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError("`true` or `false`", "write it without quotes")
    return value


def _count(value: object, _: Site) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise WrongValueError("a whole number of 1 or more", _number(value, "100"))
    return value


def _count_or_none(value: object, site: Site) -> int:
    return 0 if value == 0 and not isinstance(value, bool | float) else _count(value, site)


def _seconds(value: object, _: Site) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST:
        raise WrongValueError(f"a number of seconds, more than 0 and at most {LONGEST:,}", _number(value, "30"))
    return value


def _number(value: object, usual: str) -> str:
    """Return what to do about a value that is no such number."""
    is_quoted = isinstance(value, str) and _DIGITS.fullmatch(value)
    return "write it without quotes" if is_quoted else f"write one, such as `{usual}`, or leave the key out"


def _choice(value: object, _: Site) -> str:
    if value not in _CHECKS:
        raise WrongValueError(f"one of {', '.join(f'`{each}`' for each in _CHECKS)}", "write one of them in quotes")
    return str(value)


def _text(value: object, _: Site) -> str:
    if not isinstance(value, str):
        raise WrongValueError("a text", "write it in quotes")
    if not value:
        raise WrongValueError("a text that is not empty", "write what it is, or leave the key out")
    if "\0" in value:
        raise WrongValueError("a text without a null character", "leave it out")
    return value


def _variable(value: object, site: Site) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value, site)


def _texts(value: object, site: Site) -> tuple[str, ...]:
    return tuple(_text(each, site) for each in (value if isinstance(value, list) else [value]))


def _hosts(value: object, site: Site) -> tuple[str, ...]:
    """Return the hosts; a list of none would allow nothing, and may not come to allow all."""
    found = _texts(value, site)
    if not found:
        raise WrongValueError("a host, or a list of hosts", "name one, or leave the key out")
    return found


def _path(value: object, site: Site) -> str:
    return str(site.folder / _text(value, site))


def _paths(value: object, site: Site) -> tuple[str, ...]:
    found = tuple(site.folder / each for each in _texts(value, site))
    for folder in found:
        if not is_folder(folder):
            raise WrongValueError("the path of a folder", "name a folder that is there")
    return tuple(map(str, found))


def _own_path(value: object, site: Site) -> str:
    """Return the path of a file that may hold secrets: that of a found project file is a file of the project."""
    path = site.folder / _text(value, site)
    if site.root is not None and not real_path(path).is_relative_to(real_path(site.root)):
        raise WrongValueError("the path of a file of the project", "put the file there, or name it with the command")
    return str(path)


def _store(value: object, site: Site) -> str:
    return _KEYRING if value == _KEYRING else _own_path(value, site)


def _place(value: object, site: Site) -> str:
    text = _text(value, site)
    return text if is_remote(text) else str(site.folder / text)


def _server(value: object, site: Site) -> str:
    url = _text(value, site)
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise WrongValueError("a URL without a user and a password", "give credentials in `[auth]`")
    if why_no_base(url) or _SPACE.search(url):
        raise WrongValueError("an http or https URL", "write `https://host/base`")
    return url


def _reference(value: object, site: Site) -> Reference:
    """Return what a credential refers to: a project file is shared, so it has no secret in it."""
    if not isinstance(value, str) or not is_reference(value):
        raise WrongValueError(
            "a reference, for a project file is no place for a secret",
            "put the secret in a variable, and write `@env:NAME`; or name a file with `@file:PATH`",
        )
    return _referring(value, site)


def _referring(text: str, site: Site) -> Reference:
    found = read_reference(text, f"`{site.name}`", site.location)
    root = None if site.root is None else str(site.root)
    return Reference(found.text, found.subject, site.location, str(site.folder), root, needs_leave=True)


def _input(value: Any, site: Site) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return _referring(value, site) if is_reference(value) else value
        case list():
            return [_input(each, site) for each in value]
        case dict():
            return {name: _input(each, site) for name, each in value.items()}
        case datetime() | date() | time():
            raise WrongValueError("a JSON value, which a date is not", "write it in quotes")
        case float() if not math.isfinite(value):
            raise WrongValueError("a JSON value, which has no such number", "leave it out")
        case _:
            return value


# by their path; what stands in a table of the user's own names is below
SCALARS: Final[Mapping[tuple[str, ...], Key]] = {
    ("source-dir",): Key(_paths, "source_dirs", "a folder to look for sources in, or a list of them"),
    ("offline",): Key(_flag, "offline", "`true`: load no document from the network"),
    ("allow-host",): Key(_hosts, "allow_hosts", "the only hosts that requests go to"),
    ("auth-file",): Key(_own_path, "auth_file", "a YAML file of the project with credentials"),
    ("ca-bundle",): Key(_path, "ca_bundle", "the certificate authorities to trust"),
    ("cert",): Key(_own_path, "cert", "the client's certificate, a file of the project"),
    ("key",): Key(_own_path, "key", "its key, when it is in another file"),
    ("http2",): Key(_flag, "http2", "`true`: offer HTTP/2"),
    ("follow-redirects",): Key(_flag, "follow_redirects", "`true`: follow redirects"),
    ("redirect-uri",): Key(_text, "redirect_uri", "where a browser comes back to after a login"),
    ("token-store",): Key(_store, "token_store", 'a file of the project in which logins outlive a run, or `"keyring"`'),
    ("check",): Key(_choice, "check", "`off`, `warn` or `error`: hold exchanges to the descriptions"),
    ("strict",): Key(_flag, "strict", "`true`: make every warning an error"),
    ("otel",): Key(_flag, "otel", "`true`: make spans of runs with OpenTelemetry"),
    ("trace-context",): Key(_flag, "trace_context", "`true`: and name them to servers with `traceparent`"),
    ("limits", "timeout"): Key(_seconds, "timeout", "seconds of a whole run"),
    ("limits", "step-timeout"): Key(_seconds, "step_timeout", "seconds of an answer"),
    ("limits", "max-steps"): Key(_count, "max_steps", "steps of a run"),
    ("limits", "max-nesting"): Key(_count, "max_nesting", "workflows that call each other"),
    ("limits", "max-wait"): Key(_seconds, "max_wait", "seconds before a retry"),
    ("limits", "max-value"): Key(_count, "max_value", "characters of a value that is made of others"),
    ("limits", "max-report"): Key(_count, "max_report", "characters of all that a run has to tell"),
    ("limits", "max-response"): Key(_count, "max_response", "bytes of an answer"),
    ("limits", "connect-retries"): Key(_count_or_none, "connect_retries", "further attempts to open a connection"),
}
TABLES: Final[Mapping[str, Key]] = {
    "sources": Key(_place, "sources", "by name: where a source description is, a path or a URL"),
    "servers": Key(_server, "servers", "by source: the server; or one URL for all"),
    "server-vars": Key(_variable, "server_vars", "by `[source.]name`: a variable of a server's URL"),
    "auth": Key(_reference, "credentials", "by `[source.]scheme`: a reference to a credential"),
    "inputs": Key(_input, "inputs", "by name: what an input is when nobody gives it"),
}
# tables that a workflow has below `workflows.ID`: an input may be an object, so they are none of `inputs` itself
OF_WORKFLOWS: Final[Mapping[str, Key]] = {
    "inputs": Key(_input, "inputs", "by name: the same for one workflow, in place of what it is for all"),
}
# tables in which a source has a table of its own
BY_SOURCE: Final = frozenset({"server-vars", "auth"})
# options that each command is asked for
ASKED_FOR: Final = ("insecure", "proxy", "retry-unsafe", "no-auth", "allow-commands")
