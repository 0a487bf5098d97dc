"""The options that several commands share, and what their values mean.

One definition for each option: it feeds the parser, the help and the documents.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from click.core import ParameterSource

from arazzo_engine.cli.telling.volume import telling_options
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.machine.settings import LONGEST
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from arazzo_engine.apis.security.credentials import Credential
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.projects.references import Reference

_Command = TypeVar("_Command", bound="Callable[..., Any]")
# a name goes before the URL, and what has a colon or a slash in it is none
_NAMED: Final = lazy_pattern(r"([^=:/]+)=(.*)", re.DOTALL)


def _said(numbers: click.IntRange | click.FloatRange) -> str:
    """Return a range in words, for help texts and refusals."""
    if numbers.max is None:
        return f"{numbers.min} or more"
    return f"above {numbers.min}, up to {numbers.max}" if numbers.min_open else f"{numbers.min} to {numbers.max}"


class Whole(click.IntRange):
    """A whole number within a range."""

    name = "whole number"

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return what stands for it in a help text; click 8.1 gives no context."""
        del param, ctx
        return "N"

    def _describe_range(self) -> str:
        return _said(self)


class Number(click.FloatRange):
    """A number within a range: `nan` is more than nothing and less than everything to a plain range."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as the base class has it
        """Return the number; raises ``click.BadParameter``."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not a valid {self.name}.", param, ctx)
        return number

    def _describe_range(self) -> str:
        return _said(self)


class Seconds(Number):
    """Seconds that a clock can count."""

    name = "number of seconds"


SECONDS: Final = Seconds(0, LONGEST, min_open=True)

TIMEOUT: Final = click.option(
    "--timeout", type=SECONDS, metavar="S", help="Stop after S seconds, loading and checking included."
)
STEP_TIMEOUT: Final = click.option(
    "--step-timeout",
    type=SECONDS,
    default=30.0,
    show_default=True,
    metavar="S",
    help="Wait at most S seconds for an answer.",
)
DATABASE: Final = click.option(
    "--database-url", "url", metavar="URL", help="The database of runs, instead of the user's own."
)
LISTED: Final = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the result is written.",
)  # fmt: skip
# of a group that does something by itself; not every release of click writes the brackets
OPTIONAL_COMMAND: Final = "[COMMAND] [ARGS]..."
BASE: Final = click.option(
    "--base",
    metavar="PATH|URL",
    help="Where a document from stdin (-) could be: its sources are found from there.",
)
WATCH: Final = click.option("--watch", "watches", is_flag=True, help="Do it again whenever a file changes.")
STEP: Final = click.option(
    "--step",
    "steps",
    is_flag=True,
    help="Step through it when it is made: look, evaluate, stop where asked, go on and go back.",
)
STEP_LIVE: Final = click.option(
    "--step", "steps", is_flag=True, help="Step through it, and be asked before each unsafe request is sent."
)
NO_SOURCES: Final = click.option(
    "--no-sources", is_flag=True, help="Judge the documents by themselves, without their sources."
)
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
        "@PATH gives a file where one is asked for; @env:NAME, @file:PATH and @cmd:COMMAND a value that is kept there."
        " May be given again.",
    ),
)
_LOADING: Final = (
    click.option(
        "--source",
        "sources",
        metavar="NAME=PATH|URL",
        multiple=True,
        help="Where a source description is. May be given again.",
    ),
    click.option(
        "--source-dir",
        "source_dirs",
        metavar="DIR",
        multiple=True,
        help="A folder to look for sources in. May be given again.",
    ),
    click.option(
        "--offline",
        is_flag=True,
        help="Load no document from the network: what a URL names is looked for in the project.",
    ),
    click.option("--env", metavar="NAME", help="The environment of the project file to use: its table [env.NAME]."),
    click.option("--config", metavar="FILE", help="The project file, instead of the arazzo.toml above the document."),
    click.option("--no-project", is_flag=True, help="Use no project file and no .env file."),
    click.option("--allow-commands", is_flag=True, help="Let the project file run the commands of its @cmd: values."),
)
_NETWORK: Final = (
    click.option("--ca-bundle", metavar="FILE", help="The certificate authorities to trust, instead of the usual."),
    click.option("--cert", metavar="FILE", help="The client's certificate, for servers that ask."),
    click.option("--key", metavar="FILE", help="The key of the client's certificate, when it is in another file."),
    click.option("--insecure", is_flag=True, help="Do not verify certificates; every run says so."),
    click.option("--proxy", metavar="URL", help="The proxy to go through, instead of the environment's."),
    click.option(
        "--allow-host", "allow_hosts", metavar="HOST[:PORT]", multiple=True,
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
        "--connect-retries", type=Whole(0), default=0, show_default=True, metavar="N",
        help="Try N more times to open a connection; what was sent is never sent again.",
    ),
    click.option(
        "--retry-unsafe", is_flag=True,
        help="Obey a retry also when the request may have been acted upon and would be acted upon again.",
    ),
    click.option(
        "--assume-idempotent", metavar="[WORKFLOW.]STEP", multiple=True,
        help="The requests of this step do no harm when they are sent again. May be given again.",
    ),
    click.option(
        "--max-response", type=Whole(1), default=10_000_000, show_default=True, metavar="BYTES",
        help="Refuse answers that are larger.",
    ),
)  # fmt: skip
_CREDENTIALS: Final = (
    click.option(
        "--auth",
        "credentials",
        metavar="[SOURCE.]SCHEME=VALUE",
        multiple=True,
        help="A credential, or where it is kept: @env:NAME, @file:PATH, @cmd:COMMAND. May be given again.",
    ),
    click.option("--auth-file", metavar="FILE", help="A YAML file with credentials."),
    click.option(
        "--no-auth",
        metavar="[WORKFLOW.]STEP",
        multiple=True,
        help="Send this step without a credential, whatever its operation says. May be given again.",
    ),
)
_LOGINS: Final = (
    click.option(
        "--token-store", metavar="FILE",
        help="A file in which logins and refresh tokens outlive the run; keyring is the system's key store.",
    ),
    click.option(
        "--redirect-uri", metavar="URI",
        help="Where a browser comes back to after a login: http://127.0.0.1:8400/callback; without a port, any.",
    ),
)  # fmt: skip
_SERVERS: Final = (
    click.option(
        "--server",
        "servers",
        metavar="[NAME=]URL",
        multiple=True,
        help="The server of a source, or of all. May be given again.",
    ),
    click.option(
        "--server-var",
        "server_vars",
        metavar="[SOURCE.]NAME=VALUE",
        multiple=True,
        help="A server URL's variable. May be given again.",
    ),
)
_ACCESS: Final = (*_SERVERS, *_CREDENTIALS, *_LOGINS)
_GUARDS: Final = (
    click.option("--max-steps", type=Whole(1), default=1000, show_default=True, help="Stop after N steps."),
    click.option(
        "--max-nesting", type=Whole(1), default=16, show_default=True, metavar="N",
        help="Stop when workflows call each other N deep.",
    ),
    click.option(
        "--max-wait", type=SECONDS, default=300.0, show_default=True, metavar="S",
        help="Wait at most S seconds before a retry.",
    ),
    click.option(
        "--max-value", type=Whole(1), default=64_000_000, show_default=True, metavar="N",
        help="Refuse values of more than N characters that are made of others.",
    ),
    click.option(
        "--max-report", type=Whole(1), default=256_000_000, show_default=True, metavar="N",
        help="Stop when a run has more than N characters to tell.",
    ),
    click.option("--strict", is_flag=True, help="Make every warning an error."),
    click.option("--otel", is_flag=True, help="Make spans of runs, with the tracer provider of OpenTelemetry."),
    click.option(
        "--trace-context", is_flag=True, help="Make spans, and name them to servers: every request has a traceparent."
    ),
)  # fmt: skip
VERBOSE: Final = click.option(
    "-v", "--verbose", "is_verbose", is_flag=True, help="Tell every finding in full, however many there are."
)
_FORMAT: Final = (
    click.option(
        "--format", "format_", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True,
        help="How the result is written; jsonl streams events.",
    ),
    click.option("-o", "--output", "output_file", metavar="FILE", help="Write the result to a file instead of stdout."),
)  # fmt: skip
_RECORD: Final = click.option(
    "--record", metavar="FILE", help="Record the run in a new file, or in a folder; `arazzo replay` makes it again."
)
_SOURCES: Final = _LOADING[:2]


def _apply(options: Iterable[Callable[[_Command], _Command]], command: _Command) -> _Command:
    for option in reversed(tuple(options)):
        command = option(command)
    return command


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that runs workflows."""
    groups = (BASE, *_WHICH, *_INPUTS, *_LOADING, *_NETWORK, *_ACCESS, *_SENDING, *_GUARDS, *_FORMAT, _RECORD)
    return _apply(groups, telling_options(command))


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that a project file may say, too, and those beside them."""
    return _apply((*_INPUTS, *_LOADING, *_NETWORK, *_ACCESS, *_SENDING, *_GUARDS), command)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where sources are."""
    return _apply(_SOURCES, command)


def batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that runs one workflow for many rows."""
    groups = (*_WHICH[:1], *_INPUTS, *_LOADING, *_NETWORK, *_ACCESS, *_SENDING, *_GUARDS, VERBOSE)
    return _apply(groups, command)


def loading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where documents are and how to get there."""
    return _apply((*_LOADING, *_NETWORK), command)


def access_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name servers and give credentials."""
    return _apply((*_SERVERS, *_CREDENTIALS), command)


def login_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a command that logs in or out: where the document is, and who asks whom."""
    return _apply((*_LOADING, *_NETWORK, *_ACCESS), command)


def make_engine(**given: Any) -> Engine:  # noqa: ANN401 - click passes the options by name
    """Return the engine with the options of a command, as they were typed; raises ``ArazzoError``."""
    from arazzo_engine.world.engine import Engine

    return Engine(**engine_options(given))


def engine_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of an engine from those of a command, as they were typed; raises ``ArazzoError``."""
    return {name: _PARSERS.get(name, _as_it_is)(value) for name, value in given.items() if not _is_left_out(name)}


def _is_left_out(name: str) -> bool:
    """Whether nobody typed an option: what a project file says of it wins over its default."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(name) is ParameterSource.DEFAULT


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


def _named_servers(texts: Sequence[str]) -> dict[str, str]:
    """Return the server for each source description, under ``""`` the one for all."""
    named = (_NAMED.fullmatch(text) or text for text in texts)
    return dict(("", each) if isinstance(each, str) else (each[1], each[2]) for each in named)


def named_credentials(texts: Sequence[str]) -> dict[str, Credential | Reference]:
    """Return the credentials by ``[SOURCE.]SCHEME``; raises ``ArazzoError`` (``option-invalid``), without a value."""
    from arazzo_engine.apis.security.credentials import Credential
    from arazzo_engine.world.projects.references import is_reference, read_reference

    found: dict[str, Credential | Reference] = {}
    for text in texts:
        name, _, value = text.partition("=")
        # a secret that ends in `=` looks like a name without a value: it must not be shown as one
        if not value.strip("="):
            message = "`--auth` needs the form [SOURCE.]SCHEME=VALUE"
            raise ArazzoError(diagnose("option-invalid", message, fix="write `--auth scheme=value`"))
        is_kept = is_reference(value)
        found[name] = read_reference(value, f"credential `{name}`") if is_kept else Credential(value, "--auth")
    return found


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever click made of the text
    return value


# the options that are written as pairs
_PARSERS: Final[dict[str, Callable[[Any], Any]]] = {
    "sources": lambda texts: named_values("--source", texts),
    "servers": _named_servers,
    "server_vars": lambda texts: named_values("--server-var", texts),
    "credentials": named_credentials,
}
