"""The commands with their summaries, and what ``arazzo --help`` prints.

It stands apart from the commands and from click, so that nothing need be imported to print it.
"""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "run": "Run a workflow.",
    "rehearse": "Run a workflow with simulated answers; nothing is sent.",
    "runs": "The runs that are kept: show, resume or settle them.",
    "validate": "Check Arazzo documents and the descriptions they name.",
    "fix": "Write the repairs of Arazzo documents into them.",
    "upgrade": "Make documents of Arazzo 1.0 such of 1.1 that mean the same.",
    "show": "Show what a document does: its workflows, steps, inputs and outputs.",
    "list": "List the Arazzo documents in files and folders.",
    "auth": "List the credentials a document needs, and every way to give them.",
    "config": "Show every value in force for a document, and where it comes from.",
    "login": "Log in for a document's APIs, and keep the tokens for runs to come.",
    "logout": "Forget the tokens that were kept by a login or a run.",
    "explain": "Explain a diagnostic code.",
    "schema": "Print the JSON Schema of what the engine writes, or of Arazzo documents.",
}
_HELP: Final = (
    "Usage: arazzo [OPTIONS] COMMAND [ARGS]...\n\n"
    "  Run Arazzo workflows of API calls, and say exactly what happened.\n\n"
    "Options:\n"
    "  --version                    Show the version and exit.\n"
    "  --color auto|always|never    Colours; auto means on a terminal, unless the environment says otherwise.\n"
    "  -h, --help                   Show this message and exit.\n\n"
    "Commands:\n"
)


def help_text() -> str:
    """Return what ``arazzo --help`` prints."""
    width = max(map(len, COMMANDS))
    return _HELP + "".join(f"  {name.ljust(width)}  {summary}\n" for name, summary in COMMANDS.items())
