"""What a machine reads when a command ends before its result: the JSON of ``--format``, with the reasons.

Decides it from the arguments as they were typed, because the options may be what could not be understood. It goes to
stdout, as ``--output`` may not have been understood either.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.reporting.findings.checks import CheckedDocument, Checks
from arazzo_engine.reporting.findings.forms import FORMS
from arazzo_engine.reporting.masking import Masker
from arazzo_engine.reporting.refusals_json import refusal_as_json, refusal_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.diagnostics import Diagnostic

_RUNS: Final = frozenset({"run", "rehearse"})
_OPTION: Final = "--format"


def tell_machine(arguments: Sequence[str], diagnostic: Diagnostic) -> None:
    """Write why the command ended, in the form that its arguments ask for; nothing when they ask for text."""
    command = next(iter(arguments), "")
    match command in _RUNS, _format_of(arguments):
        case True, "json":
            click.echo(json.dumps(refusal_as_json((diagnostic,), Masker()), indent=2))
        case True, "jsonl":
            click.echo(json.dumps(refusal_event((diagnostic,), Masker())))
        case False, form if command == "validate" and form in FORMS:
            click.echo(FORMS[form](Checks((CheckedDocument("", (diagnostic,)),))))


def _format_of(arguments: Sequence[str]) -> str:
    found = "text"
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == "--":
            break
        if argument == _OPTION:
            found = following
        elif argument.startswith(f"{_OPTION}="):
            found = argument.removeprefix(f"{_OPTION}=")
    return found
