"""``arazzo limits``: how much durable runs may ask of a server, all of them together, and how many of them may wait.

Each command only parses its options: what it does is in ``cli.fleet``.
"""

from __future__ import annotations

import re
from typing import Any, Final

import click

from arazzo_engine.cli.commands.fleet.doing import done
from arazzo_engine.cli.options import DATABASE, LISTED, OPTIONAL_COMMAND, Whole
from arazzo_engine.patterns import lazy_pattern

_RATE: Final = lazy_pattern(r"([1-9][0-9]{0,5})/([smh])")
_PERIODS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


@click.group(
    "limits",
    invoke_without_command=True,
    subcommand_metavar=OPTIONAL_COMMAND,
    short_help="List, set or remove limits of requests to a server.",
)
@DATABASE
@LISTED
@click.pass_context
def command(ctx: click.Context, url: str | None, format_: str) -> int:
    """List the limits of requests that durable runs send to a server, and that of the queue; or set or remove one."""
    ctx.obj = url
    if ctx.invoked_subcommand is not None:
        return 0
    return done(format_, lambda output, fleet: fleet.limits.list_limits(url, output))


@command.command("set")
@click.argument("host", metavar="[HOST]", required=False)
@click.option("--rate", metavar="N/s", help="At most N requests begin in a second; also N/m, N/h.")
@click.option("--concurrency", type=Whole(1, 10000), metavar="N", help="At most N requests are under way.")
@click.option("--waiting", type=Whole(1, 1_000_000_000), metavar="N", help="At most N runs wait for a worker.")
@click.pass_obj
def put(url: str | None, /, host: str | None, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Limit the requests to HOST, with or without a port, of all durable runs together; or the queue, with --waiting.

    While that many runs wait, a run with --detach is refused, the rows of a batch wait for room, and the run of a
    schedule is kept as one that is paused.
    """
    rate, concurrency, waiting = (options[each] for each in ("rate", "concurrency", "waiting"))
    if (host is None) is (waiting is None) or (waiting is not None and (rate or concurrency)):
        raise click.UsageError("give HOST with --rate or --concurrency, or --waiting alone")
    if host is None:
        return done("text", lambda _output, fleet: fleet.limits.put_waiting(url, waiting))
    if rate is None and concurrency is None:
        raise click.UsageError("give --rate or --concurrency")
    match = _RATE.fullmatch(rate or "1/s")
    if match is None:
        raise click.UsageError("--rate is a number of requests and a period: 10/s, 100/m, 1000/h")
    if not re.fullmatch(r"[A-Za-z0-9._\-\[\]:]+", host):
        raise click.UsageError("HOST is a host with or without a port, such as api.example.com")
    found = (int(match[1]) if rate else None, _PERIODS[match[2]])
    return done("text", lambda _output, fleet: fleet.limits.put_limit(url, host, found, concurrency))


@command.command("remove")
@click.argument("host", metavar="[HOST]", required=False)
@click.option("--waiting", is_flag=True, help="Let any number of runs wait for a worker.")
@click.pass_obj
def remove(url: str | None, host: str | None, *, waiting: bool) -> int:
    """Limit the requests to HOST no longer; or the queue, with --waiting."""
    if (host is not None) is waiting:
        raise click.UsageError("give HOST, or --waiting")
    if host is None:
        return done("text", lambda _output, fleet: fleet.limits.remove_waiting(url))
    return done("text", lambda _output, fleet: fleet.limits.remove_limit(url, host))
