"""``arazzo record --proxy``: capture what another client sends, and is answered, through a proxy on this machine.

It decides what is told: where the proxy is, each exchange as it is captured, and at the end what comes next.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Final

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import Whole
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.printable import printable

_HOST: Final = "127.0.0.1"


@click.command("record", short_help="Capture another client's traffic through a proxy on this machine.")
@click.option("--proxy", is_flag=True, help="Capture through a proxy; a run is recorded by `arazzo run --record`.")
@click.option("--port", type=Whole(0, 65_535), default=0, metavar="PORT", help="The port; a free one by default.")
@click.option("--target", metavar="URL", default="", help="Send every request to this server, also by https.")
@click.option(
    "-o", "--output", metavar="FILE", default="capture.jsonl", show_default=True,
    help="The file to write, which must not be there yet.",
)  # fmt: skip
@click.option("--ca-bundle", metavar="FILE", help="The certificate authorities to trust, instead of the usual.")
def command(*, proxy: bool, port: int, target: str, output: str, ca_bundle: str | None) -> int:
    """Capture each exchange of the clients that use this proxy, until Ctrl-C.

    Without `--target` it is a forward proxy for http. With it, a client sends its requests to this proxy instead of
    the server; so APIs by https can be captured, too. Secrets are replaced by stand-ins, as in recordings of runs.
    """
    try:
        if not proxy:
            message = "`arazzo record` captures through a proxy only"
            fix = "add `--proxy`; a run is recorded with `arazzo run --record FILE`"
            raise ArazzoError(diagnose("option-invalid", message, fix=fix))
        return _record(port, _server(target), output, ca_bundle)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)


def _server(target: str) -> str:
    """Return the URL of a server without the slash at its end; raises ``ArazzoError`` for what is none."""
    from arazzo_engine.documents.uris import WEB, has_user, origin_of

    scheme, host, _ = origin_of(target) or ("", "", None)
    if target and (scheme not in WEB or not host or has_user(target) or "?" in target or "#" in target):
        message = "`--target` names no server"
        raise ArazzoError(diagnose("option-invalid", message, fix="write `https://host` or `https://host/path`"))
    return target.rstrip("/")


def _record(port: int, target: str, output: str, ca_bundle: str | None) -> int:
    from arazzo_engine.world.capturing.forwarding import Forwarding
    from arazzo_engine.world.capturing.serving import serve
    from arazzo_engine.world.capturing.writing import begin_capture
    from arazzo_engine.world.drivers.signals import signals_interrupt
    from arazzo_engine.world.http.listening import listen
    from arazzo_engine.world.http.transport import Transport
    from arazzo_engine.world.http.wire import Wire

    with listen(_HOST, port) as listener, Transport(wire=Wire(ca_bundle=ca_bundle)) as transport:
        origin = f"http://{_HOST}:{listener.getsockname()[1]}"
        capturing = begin_capture(output, target)
        forwarding = Forwarding(transport, capturing, _tell, target, origin)
        _announce(origin, target)
        try:
            with suppress(KeyboardInterrupt), signals_interrupt():
                serve(listener, forwarding.answer)
        finally:
            for line in capturing.close():
                _tell(line)
    unanswered = f", {capturing.unanswered} of them without an answer" if capturing.unanswered else ""
    tell(f"\ncaptured {capturing.count} exchange{'' if capturing.count == 1 else 's'} in {output}{unanswered}")
    if capturing.lost is not None:
        tell(f"the capture is not whole: {(capturing.lost.strerror or 'it could not be written').lower()}", err=True)
        return ExitCode.UNWRITTEN
    if capturing.count:
        tell(f"draft a workflow of it with `arazzo new --from {output} OPENAPI...`")
    return ExitCode.SUCCESS


def _announce(origin: str, target: str) -> None:
    tell(f"send to {origin} what would go to {target}" if target else f"proxy for http: {origin}")
    tell("until Ctrl-C")
    sys.stdout.flush()


def _tell(line: str) -> None:
    click.echo(printable(line), err=True)
