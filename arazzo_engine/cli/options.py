"""The options that several commands share, and what their values mean.

One definition for each option: it feeds the parser, the help and the documents.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import click
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from arazzo_engine.world.drivers.live import Deadline
    from arazzo_engine.world.http.wire import Wire
    from arazzo_engine.world.loading.loader import Loader

_Command = TypeVar("_Command", bound="Callable[..., Any]")
_NAMED: Final = re.compile(r"([A-Za-z0-9_\-]+)=(.*)", re.DOTALL)
_URL: Final = re.compile(r"https?://[^/\s?#]+[^\s?#]*", re.IGNORECASE)


class _Seconds(click.FloatRange):
    """Seconds that a clock can count: `nan` is more than nothing and less than everything to a plain range."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as the base class has it
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is no number of seconds.", param, ctx)
        return seconds


# beyond a year, what waits on sockets begins to count wrong
SECONDS: Final = _Seconds(0, 31_536_000, min_open=True)

_WHICH: Final = (
    click.option("--workflow", "workflow_id", metavar="ID", help="The workflow to run, when the document has several."),
    click.option(
        "--all",
        "every",
        is_flag=True,
        help="Run every workflow that no other one leads to; those that follow a failed one run too.",
    ),
)
_INPUTS: Final = (
    click.option("--inputs", "inputs_file", metavar="FILE", help="A JSON or YAML file with the inputs; - reads stdin."),
    click.option(
        "-i",
        "--input",
        "pairs",
        metavar="KEY=VALUE",
        multiple=True,
        help="One input; wins over the file. A string is written as it is, anything else as JSON. "
        "@PATH gives a file where one is asked for.",
    ),
)
_LOADING: Final = (
    click.option("--source", "sources", metavar="NAME=PATH", multiple=True, help="Where a source description is."),
    click.option("--source-dir", "source_dirs", metavar="DIR", multiple=True, help="A folder to look for sources in."),
)
_NETWORK: Final = (
    click.option("--ca-bundle", metavar="FILE", help="The certificate authorities to trust, instead of the usual."),
    click.option("--cert", "certificate", metavar="FILE", help="The client's certificate, for servers that ask."),
    click.option("--key", metavar="FILE", help="The key of the client's certificate, when it is in another file."),
    click.option("--insecure", is_flag=True, help="Do not verify certificates; every run says so."),
    click.option("--proxy", metavar="URL", help="The proxy to go through, instead of the environment's."),
    click.option(
        "--allow-host", "allowed_hosts", metavar="HOST[:PORT]", multiple=True,
        help="Send requests to this host only; *.HOST means all below it. May be given again.",
    ),
)  # fmt: skip
_SENDING: Final = (
    click.option(
        "--check", type=click.Choice(["off", "warn", "error"]), default="off", show_default=True,
        help="Check requests and answers against the API descriptions; error stops at the first finding.",
    ),
    click.option("--follow-redirects", is_flag=True, help="Follow redirects; credentials stay with their origin."),
    click.option("--http2", is_flag=True, help="Offer HTTP/2 to servers with https."),
    click.option(
        "--connect-retries", type=click.IntRange(0), default=0, show_default=True, metavar="N",
        help="Try N more times to open a connection; what was sent is never sent again.",
    ),
    click.option(
        "--max-response", "ceiling", type=click.IntRange(1), default=10_000_000, show_default=True, metavar="BYTES",
        help="Refuse answers that are larger.",
    ),
)  # fmt: skip
_ACCESS: Final = (
    click.option("--server", "servers", metavar="[NAME=]URL", multiple=True, help="The server of a source, or of all."),
    click.option(
        "--server-var",
        "server_variables",
        metavar="[SOURCE.]NAME=VALUE",
        multiple=True,
        help="A server URL's variable.",
    ),
    click.option("--auth", "credentials", metavar="[SOURCE.]SCHEME=VALUE", multiple=True, help="A credential."),
    click.option("--auth-file", metavar="FILE", help="A YAML file with credentials."),
)
_GUARDS: Final = (
    click.option("--max-steps", type=click.IntRange(1), default=1000, show_default=True, help="Stop after N steps."),
    click.option("--strict", is_flag=True, help="Make every warning an error."),
)
_FORMAT: Final = (
    click.option(
        "--format", "format_", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
        help="How the result is written; jsonl streams events.",
    ),
    click.option("--output", "output_file", metavar="FILE", help="Write the result to a file instead of stdout."),
)  # fmt: skip


def _apply(options: Iterable[Callable[[_Command], _Command]], command: _Command) -> _Command:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that runs workflows."""
    return _apply((*_WHICH, *_INPUTS), loading_options(_apply((*_ACCESS, *_SENDING, *_GUARDS, *_FORMAT), command)))


def loading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where documents are and how to get there; the command gets them as ``loading``."""

    @functools.wraps(command)
    def grouped(**given: Any) -> Any:  # noqa: ANN401 - click passes the options by name
        loading = Loading(**{name: given.pop(name) for name in Loading.__struct_fields__})
        return command(**given, loading=loading)

    return _apply((*_LOADING, *_NETWORK), grouped)


class Loading(Struct, frozen=True):
    """Where documents are and how to get there, as it was given."""

    sources: tuple[str, ...]
    source_dirs: tuple[str, ...]
    ca_bundle: str | None
    certificate: str | None
    key: str | None
    insecure: bool
    proxy: str | None
    allowed_hosts: tuple[str, ...]

    def wire(self) -> Wire:
        """Return the way to the servers; raises ``ArazzoError`` (``option-invalid``) when it cannot be used."""
        from arazzo_engine.world.http.wire import Wire, check_wire

        wire = Wire(self.ca_bundle, self.certificate, self.key, self.insecure, self.proxy, self.allowed_hosts)
        check_wire(wire)
        return wire

    def loader(self, *, offline: bool = False) -> Loader:
        """Return the loader of documents."""
        from pathlib import Path

        from arazzo_engine.world.loading.loader import Loader

        for folder in self.source_dirs:
            if not Path(folder).is_dir():
                message = f"`--source-dir` names {folder}, which is no folder"
                raise ArazzoError(diagnose("option-invalid", message, fix="name an existing folder"))
        return Loader(named_values("--source", self.sources), self.source_dirs, offline, self.wire())

    def loader_within(self, deadline: Deadline, timeout: float) -> Loader:
        """Return the loader of a run that must end in time; ``timeout`` is that of one answer, in seconds."""
        loader = self.loader()
        loader.timeout, loader.time_left = timeout, deadline.remaining
        return loader


class RunOptions(Struct, frozen=True):
    """The options of a run, as they were given."""

    location: str
    workflow_id: str | None
    every: bool
    inputs_file: str | None
    pairs: tuple[str, ...]
    loading: Loading
    servers: tuple[str, ...]
    server_variables: tuple[str, ...]
    credentials: tuple[str, ...]
    auth_file: str | None
    check: Literal["off", "warn", "error"]
    follow_redirects: bool
    http2: bool
    connect_retries: int
    ceiling: int
    max_steps: int
    strict: bool
    format_: str
    output_file: str | None

    def wire(self) -> Wire:
        """Return the way to the servers; raises ``ArazzoError`` (``option-invalid``) when it cannot be used."""
        from arazzo_engine.world.http.wire import check_wire

        wire = replace(
            self.loading.wire(),
            follow_redirects=self.follow_redirects,
            http2=self.http2,
            connect_retries=self.connect_retries,
            ceiling=self.ceiling,
        )
        check_wire(wire)
        return wire


def named_values(option: str, texts: Sequence[str]) -> dict[str, str]:
    """Return the pairs of an option that is written ``NAME=VALUE``; raises ``ArazzoError`` (``option-invalid``)."""
    found = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name:
            message = f"`{option}` needs the form NAME=VALUE"
            raise ArazzoError(diagnose("option-invalid", message, fix=f"write `{option} name=value`"))
        found[name] = value
    return found


def named_servers(texts: Sequence[str], known: Iterable[str]) -> Mapping[str, str]:
    """Return the server for each source description, under ``""`` the one for all."""
    names = tuple(known)
    found = {}
    for text in texts:
        named = _NAMED.fullmatch(text)
        name, url = (named[1], named[2]) if named else ("", text)
        if "@" in url.partition("://")[2].partition("/")[0]:
            message = "`--server` has a user or a password in it, which would be shown and never sent"
            raise ArazzoError(diagnose("option-invalid", message, fix="give credentials with `--auth`"))
        if not _URL.fullmatch(url) or not _has_a_port_that_exists(url):
            message = f"`--server` needs an http or https URL, not `{url}`"
            raise ArazzoError(diagnose("option-invalid", message, fix="write `--server name=https://host/base`"))
        if name and name not in names:
            raise ArazzoError(unknown_source("--server", name, names))
        found[name] = url
    return found


def _has_a_port_that_exists(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def check_variables(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ``ArazzoError`` (``option-invalid``) for a server variable that no server has; it would change nothing."""
    names = tuple(known)
    for name in given:
        if name not in names:
            message = f"`--server-var` names `{name}`, which is no variable of a server that the run uses"
            raise ArazzoError(diagnose("option-invalid", message, fix=did_you_mean(name, names)))


def unknown_source(option: str, name: str, names: Iterable[str]) -> Diagnostic:
    """Return the diagnostic for an option that names a source description the document does not have."""
    listed = tuple(names)
    message = f"`{option}` names source description `{name}`, which the document does not have"
    fix = did_you_mean(name, listed) or f"it has {', '.join(f'`{each}`' for each in listed)}"
    return diagnose("option-invalid", message, fix=fix)
