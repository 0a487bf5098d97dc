"""The commands with their summaries, and what ``arazzo --help`` prints.

It stands apart from the commands and from click, so that nothing need be imported to print it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Group(NamedTuple):
    """Commands that belong together: what they are for, the folder of their modules, and their summaries."""

    title: str
    folder: str
    commands: dict[str, str]


GROUPS: Final = (
    Group(
        "Run workflows",
        "running",
        {
            "demo": "See a run against a shop on this machine; nothing else is touched.",
            "run": "Run a workflow.",
            "rehearse": "Run a workflow with simulated answers; nothing is sent.",
            "record": "Capture another client's traffic through a proxy on this machine.",
            "replay": "Make recorded runs again without sending anything, and tell what differs.",
            "debug-adapter": "Let an editor step through runs, by the Debug Adapter Protocol.",
            "compare": "Compare two recordings, or two reports, attempt by attempt.",
            "coverage": "Tell what recordings exercised of an API and of workflows, and what drifted.",
            "mock": "Serve the APIs of documents, simulated, on a port of this machine.",
            "test": "Rehearse scenarios, and say which did not go as expected.",
            "batch": "Run a workflow for each row of a file.",
            "runs": "The runs that are kept: show, resume or settle them.",
        },
    ),
    Group(
        "Run on many machines",
        "fleet",
        {
            "worker": "Execute the runs that are in the queue, until it is ended.",
            "workers": "List the workers, with their last sign of life.",
            "schedule": "Have workers run a workflow again and again.",
            "schedules": "List, pause, resume or remove schedules.",
            "limits": "List, set or remove limits of requests to a server.",
        },
    ),
    Group(
        "Write and read documents",
        "writing",
        {
            "new": "Make a first document of API descriptions, and rehearse it.",
            "validate": "Check Arazzo documents and the descriptions they name.",
            "check-api": "Tell which steps of a document a new version of an API breaks.",
            "fix": "Write the repairs of Arazzo documents into them.",
            "upgrade": "Upgrade Arazzo 1.0 documents to 1.1, so that they mean the same.",
            "show": "Show what a document does: its workflows, steps, inputs and outputs.",
            "list": "List the Arazzo documents in files and folders.",
        },
    ),
    Group(
        "Credentials and settings",
        "access",
        {
            "auth": "List the credentials a document needs, and every way to give them.",
            "config": "Show every value in force for a document, and where it comes from.",
            "login": "Log in for a document's APIs, and keep the tokens for runs to come.",
            "logout": "Forget the tokens that were kept by a login or a run.",
        },
    ),
    Group(
        "Help",
        "helping",
        {
            "explain": "Explain a diagnostic code.",
            "doctor": "Tell versions, extras, folders, proxies and certificates, and what is wrong.",
            "schema": "Print the JSON Schema of what the engine writes, or of Arazzo documents.",
            "completion": "Print the script with which a shell completes commands and names.",
        },
    ),
)
COMMANDS: Final = {name: summary for group in GROUPS for name, summary in group.commands.items()}
MODULES: Final = {name: f"{group.folder}.{name.replace('-', '_')}" for group in GROUPS for name in group.commands}
# the variable by which a shell asks what could be typed
COMPLETE: Final = "_ARAZZO_COMPLETE"
_HEAD: Final = (
    "Usage: arazzo [OPTIONS] COMMAND [ARGS]...\n\n  Run Arazzo workflows of API calls, and say exactly what happened.\n"
)
_TAIL: Final = (
    "\nOptions:\n"
    "  --version                  Show the version and exit.\n"
    "  --color auto|always|never  Colours; auto means on a terminal, unless the environment says otherwise.\n"
    "  -h, --help                 Show this message and exit; `arazzo COMMAND --help` has the options of a command.\n\n"
    "Examples:\n"
    "  arazzo demo                                        see a run, without a document of your own\n"
    "  arazzo validate .                                  check every document in this folder\n"
    "  arazzo rehearse orders.arazzo.yaml                 try one without sending anything\n"
    "  arazzo run orders.arazzo.yaml --inputs order.json  run it\n"
)


def help_text() -> str:
    """Return what ``arazzo --help`` prints."""
    width = max(map(len, COMMANDS))
    parts = [_HEAD]
    for group in GROUPS:
        lines = (f"  {name.ljust(width)}  {summary}\n" for name, summary in group.commands.items())
        parts.append(f"\n{group.title}:\n{''.join(lines)}")
    return "".join((*parts, _TAIL))
