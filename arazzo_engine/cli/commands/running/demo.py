"""``arazzo demo``: the engine at work, against a shop on this machine. No network and no file is touched.

It decides what is shown and in which order; each part is a command that anybody could type, and is told as such.
"""

from __future__ import annotations

from shlex import join
from textwrap import fill
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode
from arazzo_engine.cli.options import Whole
from arazzo_engine.cli.terminal.screen import columns_of, tell

if TYPE_CHECKING:
    from arazzo_engine.demo.shop import Shop

_WIDTH: Final = 80
_BEFORE: Final = """
A shop with three APIs, for orders, payments and jobs, runs at {url}. This workflow orders something, charges for it,
and waits until it is packed. The payments are busy at first, and packing takes a moment: the document says what to do
then.
"""
_BETWEEN: Final = """
The step `charge` was answered 503 and sent again, as its action `busy` says; it carries an idempotency key, so the shop
charged {charges}. `waitUntilPacked` asked until the job was done.

Now an order that is too dear: the card is declined, and no action of the document is about that.
"""
_AFTER: Final = """
That run failed, with exit code 1, and nothing was packed: the shop charged {charges} in all. It says what was wrong
first, then what was sent and answered.
"""
_NEXT: Final = """
Next:
  arazzo demo --serve                keeps the shop running, for runs of your own
  arazzo show DOC                    what a document does
  arazzo rehearse DOC                a run with made-up answers; nothing is sent
  arazzo run DOC -i name=value       a run"""


@click.command("demo", short_help="See a run against a shop on this machine; nothing else is touched.")
@click.option(
    "--serve", "serves", is_flag=True, help="Keep the shop running until Ctrl-C, and say how to run against it."
)
@click.option(
    "--port", type=Whole(0, 65_535), default=0, metavar="PORT", help="The port of the shop; a free one by default."
)
@click.pass_context
def command(ctx: click.Context, port: int, *, serves: bool) -> int:
    """Start a shop on this machine, run a workflow against it twice, and say what was seen."""
    from arazzo_engine.demo.shop import Shop

    try:
        shop = Shop(port)
    except OSError as error:
        raise click.BadParameter(f"port {port} cannot be used: {error.strerror}", param_hint="--port") from error
    with shop:
        if serves:
            return _serve(shop)
        _explain(_BEFORE.format(url=shop.url))
        _run(ctx, "show", shop.document)
        _run(ctx, "run", shop.document, "-i", "sku=tea", "-i", "quantity=2")
        tell("")
        _explain(_BETWEEN.format(charges=_times(shop)))
        _run(ctx, "run", shop.document, "-i", "sku=gold", "-i", "quantity=200")
        tell("")
        _explain(_AFTER.format(charges=_times(shop)))
        tell(_NEXT)
    return ExitCode.SUCCESS


def _explain(text: str) -> None:
    """Tell paragraphs, each in lines that have a place."""
    width = min(_WIDTH, columns_of(err=False) or _WIDTH)
    tell("\n\n".join(fill(each, width, break_on_hyphens=False) for each in text.strip().split("\n\n")))


def _run(ctx: click.Context, *arguments: str) -> None:
    # a command is pasted as it is
    tell(f"\n$ {join(('arazzo', *arguments))}\n", is_laid_out=True)
    ctx.find_root().command.main(args=list(arguments), prog_name="arazzo", standalone_mode=False)


def _serve(shop: Shop) -> int:
    try:
        tell(f"The shop runs at {shop.url} until Ctrl-C. In another terminal:\n")
        tell(f"  arazzo run {shop.document} -i sku=tea -i quantity=2")
        Event().wait()
    except KeyboardInterrupt:
        tell(f"\nThe shop has charged {_times(shop)}.")
    return ExitCode.SUCCESS


def _times(shop: Shop) -> str:
    return {0: "nothing", 1: "once"}.get(len(shop.charges), f"{len(shop.charges)} times")
