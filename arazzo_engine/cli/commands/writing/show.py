"""``arazzo show``: the page of a document, for a reader who has never seen it, or the catalogue of a folder.

It decides where a page is written. For a page of a file nothing is loaded from the network.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import BASE, VERBOSE
from arazzo_engine.cli.telling.volume import COLOUR
from arazzo_engine.cli.terminal.screen import columns_of, tell
from arazzo_engine.cli.terminal.stdin import Piped, read_document
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.printable import printable
from arazzo_engine.world.loading.disk_files import is_folder

if TYPE_CHECKING:
    from arazzo_engine.reporting.pages.page import Page
    from arazzo_engine.world.authoring.picturing import Pictured

# a line of prose is no longer, however wide the terminal
_WIDTH: Final = 88
_FORMS: Final = ("text", "markdown", "html", "mermaid", "json")


@click.command("show", short_help="Show what a document does: its workflows, steps, inputs and outputs.")
@click.argument("location", metavar="DOC|FOLDER")
@click.option(
    "--format", "form", type=click.Choice(_FORMS), default="text", show_default=True,
    help="How the page is written; html is one file with everything in it.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="PATH", help="The file to write the page to, or the folder for that of a folder."
)
@BASE
@VERBOSE
@COLOUR
def command(location: str, base: str | None, *, is_verbose: bool, **written: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Show the Arazzo document DOC: its workflows with their steps, inputs, outputs and flow, and its source APIs.

    Of a FOLDER, `--format html` or `markdown` makes a catalogue of all documents in it, with a page for each.
    """
    piped = read_document(location, base)
    try:
        if piped is None and is_folder(Path(location)):
            return _catalogue(location, **written, is_verbose=is_verbose)
        return _page(_pictured(location, piped), **written, is_verbose=is_verbose)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=is_verbose)
        return exit_code_for(error.diagnostics)


def _pictured(location: str, piped: Piped | None) -> Pictured:
    from arazzo_engine.world.authoring.picturing import picture, picture_of
    from arazzo_engine.world.loading.texts import read_text

    return picture(location) if piped is None else picture_of(read_text(piped.text, piped.base))


def _page(pictured: Pictured, form: str, output: str | None, *, is_verbose: bool) -> int:
    from arazzo_engine.world.authoring.picturing import write_site

    text = _written(pictured.page, form)
    if output is None:
        tell(text) if form == "text" else click.echo(text, nl=False)
    else:
        path = Path(output)
        write_site(str(path.parent), [(path.name, text if text.endswith("\n") else f"{text}\n")])
        tell(f"written: {printable(output)}", err=True)
    if pictured.missing:
        names = ", ".join(map(printable, pictured.missing))
        tell(f"\nwithout the methods of {names}: no description is at hand", err=True)
    if pictured.problems:
        click.echo(err=True)
        tell_refusal(pictured.problems, is_verbose=is_verbose)
    return ExitCode.DOCUMENT if any(problem.is_error for problem in pictured.problems) else ExitCode.SUCCESS


def _written(page: Page, form: str) -> str:
    if form == "text":
        from arazzo_engine.reporting.pages.text import text_of

        return printable(text_of(page, min(_WIDTH, columns_of(err=False) or _WIDTH)))
    from arazzo_engine.reporting.pages.forms import PAGES

    return PAGES[form](page)


def _catalogue(folder: str, form: str, output: str | None, *, is_verbose: bool) -> int:
    from arazzo_engine.reporting.pages.forms import CATALOGUES
    from arazzo_engine.world.authoring.picturing import picture_folder, write_site

    if form not in CATALOGUES or output is None:
        message = f"{folder} is a folder, whose documents are shown as a catalogue"
        fix = "add `--format html --output FOLDER`, or name a document; `arazzo list` lists them"
        raise ArazzoError(diagnose("option-invalid", message, fix=fix))
    pages, problems = picture_folder(folder)
    written = write_site(output, CATALOGUES[form](pages))
    tell(f"{written} files in {output}: an index, and {len(pages)} document{'' if len(pages) == 1 else 's'}", err=True)
    if problems:
        tell_refusal(problems, is_verbose=is_verbose)
    return exit_code_for(problems) if problems else ExitCode.SUCCESS
