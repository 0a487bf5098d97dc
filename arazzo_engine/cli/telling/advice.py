"""What a person is told to type after a run: the command that ran it, or how the next one could go on.

Decides that a run in doubt is never offered to be made again: what it sent may have been done. Of one that failed it is
said what would be done twice.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import click
from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.idempotency import SAFE_METHODS
from arazzo_engine.durability.installed import missing_package
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.printable import dim, in_line
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.secret_names import hide_in_address, is_secret_member

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport

_PAIRS: Final = frozenset({"-i", "--input"})
_CREDENTIAL: Final = "--auth"
_RECORD: Final = "--record"
_DATABASE: Final = "--database-url"
_OF_A_DATABASE: Final = '"$DATABASE_URL"'
# the commands on what is kept: the option with the database stands behind them, or before what a group of them does
_ON_A_DATABASE: Final = lazy_pattern(
    r"`(arazzo (?:schedules|limits)\b|arazzo (?:runs|workers?|schedule|run --durable)\b[^`]*)"
)
_RESUMABLE: Final = "with `--durable` this run would be kept, and could be settled and resumed"
_EXTRA: Final = "`--durable` needs: pip install 'arazzo-engine[durable]'"
_MORE: Final = "with -v, every exchange is shown"


class Advice(Struct, frozen=True):
    """What is told at the end: ``is_live`` says that requests were sent to servers, and that nothing of it is kept."""

    has_again: bool = True
    is_live: bool = False
    is_verbose: bool = False

    def for_(self, report: RunReport, masker: Masker) -> dict[str, str]:
        """Return what the ending of a report says besides."""
        if report.succeeded:
            return {}
        if report.is_unsettled:
            return {"resumes": "\n".join(_resuming())} if self.is_live else {}
        context = click.get_current_context(silent=True)
        typed = None if context is None else context.find_root().obj
        if not typed or not self.has_again:
            return {}
        hints = (_twice(report.steps) if self.is_live else "", "" if self.is_verbose else dim(_MORE))
        return {"again": in_line(again(typed, masker)), "hint": "\n".join(filter(None, hints))}


def _resuming() -> Iterator[str]:
    """Yield what a run in doubt would have needed to be settled and to go on."""
    yield _RESUMABLE
    if missing_package() is not None:
        yield _EXTRA


def _twice(steps: Sequence[StepReport]) -> str:
    """Return what another run would do a second time: what was done already, by methods that are not safe."""
    done = [(step.step_id, step.request) for step in steps if step.status is StepStatus.SUCCEEDED]
    names = dict.fromkeys(name for name, request in done if request and request.method not in SAFE_METHODS)
    return f"does again what is done: {in_line(', '.join(names))}" if names else ""


def database_named() -> str:
    """Return the option with the database that was typed, as it is typed again; a variable stands for a password."""
    context = click.get_current_context(silent=True)
    typed = () if context is None else context.find_root().obj or ()
    before = ""
    for argument in typed:
        option, sign, rest = argument.partition("=")
        url = argument if before == _DATABASE else rest if sign and option == _DATABASE else ""
        if url:
            return f" {_DATABASE} {shlex.quote(url) if hide_in_address(url) == url else _OF_A_DATABASE}"
        before = argument
    return ""


def with_database(text: str) -> str:
    """Return a text whose commands on what is kept name the database that was typed: they can be typed as they are."""
    named = database_named()
    return _ON_A_DATABASE.sub(lambda found: f"{found[0]}{named}", text) if named else text


def naming_database(diagnostic: Diagnostic) -> Diagnostic:
    """Return a problem whose commands can be typed as they are, too."""
    if not database_named():
        return diagnostic
    return replace(diagnostic, message=with_database(diagnostic.message), fix=with_database(diagnostic.fix))


def again(arguments: Sequence[str], masker: Masker) -> str:
    """Return a command as it was typed, with variables in place of secrets."""
    return " ".join(["arazzo", *_words(arguments, masker)])


def _words(arguments: Sequence[str], masker: Masker) -> Iterator[str]:
    before = ""
    for argument in _without_recording(arguments):
        option, sign, rest = argument.partition("=")
        if before in _PAIRS or before == _CREDENTIAL:
            yield _pair(argument, before, masker)
        elif sign and (option in _PAIRS or option == _CREDENTIAL):
            yield f"{option}={_pair(rest, option, masker)}"
        else:
            yield shlex.quote(masker.text(argument))
        before = argument


def _without_recording(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the words but those that name a recording: it is there now, and no recording is written over."""
    before = ""
    for argument in arguments:
        if _RECORD not in {argument, before} and not argument.startswith(f"{_RECORD}="):
            yield argument
        before = argument


def _pair(text: str, option: str, masker: Masker) -> str:
    name, sign, value = text.partition("=")
    # where a secret is kept is none
    is_kept = value.startswith("@")
    is_secret = option == _CREDENTIAL or is_secret_member(name) or masker.text(value) != value
    if not sign or is_kept or not is_secret:
        return shlex.quote(masker.text(text))
    word = "".join(each if each.isalnum() else "_" for each in name).upper()
    return f'{shlex.quote(name)}="${word}"'
