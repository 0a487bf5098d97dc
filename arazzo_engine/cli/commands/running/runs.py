"""``arazzo runs``: the runs that are kept: which there are, how far they came, going on with them, settling doubts.

Each command only parses its options: what it does is in ``cli.keeping``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from arazzo_engine.cli.options import DATABASE, LISTED
from arazzo_engine.cli.telling.volume import Telling, telling_options
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.cli.result import Output

_AGE: Final = lazy_pattern(r"([0-9]{1,9})([smhd])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _run_ids(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids of kept runs that begin like this: what a shell offers."""
    from arazzo_engine.durability.kept.ids import ids_beginning_with

    return ids_beginning_with(incomplete, context.params.get("url"))


_ID: Final = click.argument("run_id", metavar="ID", shell_complete=_run_ids)


class _Runs(click.Group):
    """The commands on kept runs, in the order in which people need them."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group("runs", cls=_Runs, short_help="The runs that are kept: show, resume or settle them.")
def command() -> None:
    """Show the runs that were started with `--durable`, go on with them, and settle their requests in doubt."""


@command.command("list")
@DATABASE
@LISTED
def list_runs(url: str | None, format_: str) -> int:
    """List the runs, the newest first."""
    return _told(format_, lambda output, kept: kept.list_kept(url, output))


@command.command("show")
@_ID
@click.option("--follow", is_flag=True, help="Watch the run until it ends, or goes no further.")
@click.option("--record", metavar="FILE", help="Make a recording of it, which `arazzo replay` makes again.")
@DATABASE
@LISTED
@telling_options
def show(run_id: str, telling: Telling, *, follow: bool, **options: str | None) -> int:
    """Show how far a run came: its steps, its outputs, what it ended on. Nothing is sent."""
    url, record = options["url"], options["record"]

    def act(output: Output, kept: Any) -> int:  # noqa: ANN401 - a module
        code = int(kept.show_kept(run_id, url, output, follows=follow))
        if record is not None:
            kept.record_kept(run_id, url, record)
        return code

    return _told(options["format_"] or "text", act, telling)


@command.command("resume")
@_ID
@click.option("--with-document", metavar="DOC", help="Go on with DOC, if all that was done would be done the same.")
@click.option("--as-started", is_flag=True, help="Go on with the documents as they were, although they have changed.")
@DATABASE
@LISTED
@telling_options
def resume(run_id: str, with_document: str | None, telling: Telling, *, as_started: bool, **options: str | None) -> int:
    """Go on with a run that was interrupted, paused or stopped.

    Of a run in doubt, what is known is told, and nothing is sent: settle it with `arazzo runs resolve`.
    """
    if with_document is not None and as_started:
        raise click.UsageError("--with-document and --as-started exclude each other")
    url, under = options["url"], (with_document, as_started)
    return _told(
        options["format_"] or "text", lambda output, kept: kept.resume_kept(run_id, url, output, under), telling
    )


@command.command("resolve")
@_ID
@click.option("--happened", is_flag=True, help="It happened: go on with its answer.")
@click.option("--did-not-happen", is_flag=True, help="It did not: the step has failed.")
@click.option("--send-again", is_flag=True, help="It did not, or does no harm twice: send it now.")
@click.option("--response", metavar="FILE", help="With --happened, the answer in JSON or YAML: status, headers, body.")
@DATABASE
@LISTED
@telling_options
def resolve(run_id: str, response: str | None, telling: Telling, **options: str | bool | None) -> int:
    """Say what became of the request that a run ended on, and go on with the run."""
    words = [each for each in ("happened", "did-not-happen", "send-again") if options.pop(each.replace("-", "_"))]
    if len(words) > 1:
        raise click.UsageError(f"{' and '.join(f'--{each}' for each in words)} exclude each other")
    said = words[0] if words else None
    if said is None:
        raise click.UsageError("say what became of the request: --happened, --did-not-happen or --send-again")
    if response is not None and said != "happened":
        raise click.UsageError("--response is the answer of a request that happened")
    url = options["url"]
    return _told(
        str(options["format_"] or "text"),
        lambda output, kept: kept.resolve_kept(run_id, url, output, (said, response)),
        telling,
    )


@command.command("pause")
@_ID
@DATABASE
def pause(run_id: str, url: str | None) -> int:
    """Stop a run before its next request, until it is resumed."""
    return _told("text", lambda _output, kept: kept.pause_kept(run_id, url))


@command.command("cancel")
@_ID
@DATABASE
def cancel(run_id: str, url: str | None) -> int:
    """Stop a run before its next request, for good."""
    return _told("text", lambda _output, kept: kept.cancel_kept(run_id, url))


@command.command("nudge")
@_ID
@DATABASE
def nudge(run_id: str, url: str | None) -> int:
    """End the wait that a run is in: its retry is made now."""
    return _told("text", lambda _output, kept: kept.nudge_kept(run_id, url))


@command.command("recover")
@DATABASE
@LISTED
@telling_options
def recover(url: str | None, format_: str, telling: Telling) -> int:
    """Go on with every run whose process on this machine has ended before the run."""
    if telling.reports:
        raise click.UsageError("--report is for one run: `arazzo runs show ID --report …` writes those of each")
    return _told(format_, lambda output, kept: kept.recover_kept(url, output), telling)


@command.command("prune")
@click.option("--older-than", "age", metavar="AGE", default="30d", show_default=True, help="90m, 12h or 30d.")
@DATABASE
def prune(age: str, url: str | None) -> int:
    """Forget the runs that ended longer ago than --older-than says. None in doubt is forgotten."""
    match = _AGE.fullmatch(age)
    if match is None:
        raise click.UsageError("--older-than is a number with a unit: 90m, 12h, 30d")
    seconds = int(match[1]) * _UNITS[match[2]]
    return _told("text", lambda _output, kept: kept.prune_kept(url, seconds))


def _told(format_: str, act: Callable[[Output, Any], int], telling: Telling | None = None) -> int:
    """Do something with the module that opens what is kept, and tell how it went."""
    from arazzo_engine.cli.result import Output
    from arazzo_engine.durability.installed import check_installed

    output = Output(format_, None, every=False, telling=telling or Telling())
    try:
        output.begin()
        check_installed()
        from arazzo_engine.cli import keeping

        return output.end(act(output, keeping))
    except ArazzoError as error:
        return output.end(output.refuse(error.diagnostics))
