"""``arazzo test``: scenarios, each a rehearsal that has to do what was written down. Nothing is sent.

It decides how verdicts are written, and which of them make the command fail.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import Number, Whole
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.scenarios.forms import FORMS
from arazzo_engine.scenarios.verdict import coverage_text, text_of

if TYPE_CHECKING:
    from arazzo_engine.scenarios.verdict import Verdicts


@click.command("test", short_help="Rehearse scenarios, and say which did not go as expected.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--init", "document", metavar="DOC", help="Write a first scenario for each path of a document.")
@click.option("-o", "--output", metavar="FOLDER", help="Where --init writes; beside the document by default.")
@click.option("-k", "words", metavar="TEXT", default="", help="Only scenarios with this text in their file or name.")
@click.option("--update", is_flag=True, help="Write into the scenarios what they did instead of what was expected.")
@click.option("--coverage", is_flag=True, help="Tell which steps, actions and criteria were shown, and which not.")
@click.option("--fail-under", type=Number(0, 100), metavar="PERCENT", help="Fail when less than that was shown.")
@click.option(
    "--jobs", type=Whole(1), default=1, show_default=True, metavar="N",
    help="Rehearse in N processes; the scenarios of one document stay in one.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", *FORMS]), default="text", show_default=True,
    help="How the verdicts are written.",
)  # fmt: skip
def command(paths: tuple[str, ...], document: str | None, **options: Any) -> int:  # noqa: ANN401 - click passes the options by name
    """Rehearse the scenarios PATH, files or folders, the current one by default.

    A scenario is a file `*.scenario.yaml`: a document, inputs, answers by step, and what is expected of the run. What
    it leaves out is simulated. `arazzo schema scenario` has its form.
    """
    try:
        if document is not None:
            return _init(document, options["output"])
        return _test(paths or (".",), options)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)


def _init(document: str, output: str | None) -> int:
    from arazzo_engine.world.authoring.picturing import write_site
    from arazzo_engine.world.authoring.testing import first_scenarios
    from arazzo_engine.world.loading.disk_files import is_taken

    folder = Path(output or Path(document).parent)
    files = dict(first_scenarios(document, folder))
    known = [name for name in files if is_taken(folder / name)]
    if known:
        message = f"{folder / known[0]} is there already"
        raise ArazzoError(diagnose("option-invalid", message, fix="name another folder with `--output`"))
    write_site(str(folder), files.items())
    for name in files:
        tell(f"wrote {folder / name}", err=True)
    return ExitCode.SUCCESS


def _test(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    from arazzo_engine.world.authoring.sharing import verdicts_in_processes
    from arazzo_engine.world.authoring.testing import chosen, find_scenarios, update

    verdicts = verdicts_in_processes(chosen(find_scenarios(paths), options["words"]), options["jobs"])
    if options["update"]:
        for each in verdicts.failed:
            if each.differences and not each.refused:
                written = update(Path(each.file), each)
                tell(f"{'wrote' if written else 'could not write all of'} {each.file}", err=True)
    _tell(verdicts, options["form"], with_coverage=options["coverage"])
    is_short = options["fail_under"] is not None and verdicts.share < options["fail_under"]
    if is_short:
        tell(f"{verdicts.share:.1f} % was shown, which is less than {options['fail_under']:g} %", err=True)
    return ExitCode.FAILED if verdicts.failed or is_short else ExitCode.SUCCESS


def _tell(verdicts: Verdicts, form: str, *, with_coverage: bool) -> None:
    if form != "text":
        text = FORMS[form](verdicts)
        click.echo(text, nl=bool(text))
    else:
        for line in (*text_of(verdicts), *(coverage_text(verdicts) if with_coverage else ())):
            tell(line)
    tell(verdicts.summary(), err=True)
