"""``arazzo replay``: make recorded runs again, compare them with their recordings, or write them in other forms.

It decides which files are meant, and what the exit code is: 1 when anything differs. Nothing is sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from arazzo_engine.cli.exit_codes import ExitCode, exit_code_for
from arazzo_engine.cli.options import STEP, named_values, source_options
from arazzo_engine.cli.telling.files import make_folder, write_text
from arazzo_engine.cli.terminal.screen import tell
from arazzo_engine.cli.terminal.telling import tell_refusal
from arazzo_engine.diagnostics import ArazzoError, diagnose

if TYPE_CHECKING:
    from arazzo_engine.recording.comparing.comparison import Comparison
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.world.replaying.programs import Amended

_SCENARIO: Final = "scenario"
_EXPORTS: Final = ("har", "curl", _SCENARIO)


@click.command("replay", short_help="Make recorded runs again without sending anything, and tell what differs.")
@click.argument("locations", metavar="RECORDING...", nargs=-1, required=True)
@click.option("--document", metavar="DOC", help="Another document: would the runs have gone the same way with it?")
@source_options
@STEP
@click.option("--export", type=click.Choice(_EXPORTS), help="Write one recording in another form instead.")
@click.option("-o", "--output", metavar="FILE", help="Where --export writes, a new file; stdout by default.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="How the comparison is written.",
)  # fmt: skip
@click.option("-v", "--verbose", "tells_runs", is_flag=True, help="Tell what was sent and answered, and how it ended.")
def command(
    *,
    locations: tuple[str, ...],
    document: str | None,
    sources: tuple[str, ...],
    source_dirs: tuple[str, ...],
    steps: bool,
    export: str | None,
    output: str | None,
    form: str,
    tells_runs: bool,
) -> int:
    """Make the runs of each RECORDING again, a file or a folder of them, and compare request, decision and outputs.

    The replies are those that were recorded, so nothing is sent, and where nothing was changed, the run is the same.
    With `--document`, the first thing is told that another document would do otherwise.
    """
    try:
        if export is not None and steps:
            raise click.UsageError("--step and --export exclude each other: an export makes no run again")
        if output is not None and export is None:
            message = "`--output` goes with `--export`"
            raise ArazzoError(diagnose("option-invalid", message, fix="say in which form, or leave it out"))
        if export == _SCENARIO:
            return _export_scenario(_only(locations), document, output)
        if export is not None:
            return _export(_only(locations), export, output)
        amended = _amended(document, named_values("--source", sources), source_dirs)
        if steps:
            return _step(locations, amended, form)
        return _replay(locations, amended, form, tells_runs=tells_runs)
    except ArazzoError as error:
        tell_refusal(error.diagnostics, is_verbose=False)
        return exit_code_for(error.diagnostics)


def _amended(document: str | None, sources: dict[str, str], source_dirs: tuple[str, ...]) -> Amended | None:
    if document is None:
        if sources or source_dirs:
            message = "`--source` and `--source-dir` go with `--document`: a recording has its sources in it"
            raise ArazzoError(diagnose("option-invalid", message, fix="name the document, or leave them out"))
        return None
    from arazzo_engine.world.replaying.programs import Amended

    return Amended(document, sources, source_dirs)


def _replay(locations: tuple[str, ...], amended: Amended | None, form: str, *, tells_runs: bool) -> int:
    from arazzo_engine.world.replaying.programs import Programs
    from arazzo_engine.world.replaying.reading import recorded_files
    from arazzo_engine.world.replaying.replaying import replay

    programs = Programs()
    files = list(recorded_files(locations))
    compared: list[Comparison] = []
    refused: list[tuple[Path, ArazzoError]] = []
    for file in files:
        try:
            replayed = replay(_read(file), amended, programs=programs)
        except ArazzoError as error:
            refused.append((file, error))
        else:
            compared.append(replayed.comparison)
            if tells_runs:
                _tell_runs(replayed.reports)
            _tell(compared[-1], form)
    if form == "json":
        _write_json(compared, refused)
    for _, why in refused:
        tell_refusal(why.diagnostics, is_verbose=False)
    if form == "text" and len(files) > 1:
        tell(_counted(compared, len(refused)))
    if refused:
        return max(exit_code_for(why.diagnostics) for _, why in refused)
    return ExitCode.SUCCESS if all(each.is_same for each in compared) else ExitCode.FAILED


def _tell_runs(reports: tuple[RunReport, ...]) -> None:
    """Tell runs as they were told when they were made; what was secret is a stand-in."""
    from arazzo_engine.reporting.exchanges.exchange_text import exchange_text

    for report in reports:
        masker = report.masker()
        exchanges = (exchange_text(step, masker) for step in report.steps)
        tell("\n\n".join((*filter(None, exchanges), report.ending(masker), "")), err=True)


def _step(locations: tuple[str, ...], amended: Amended | None, form: str) -> int:
    from arazzo_engine.cli.stepping.stepping import step_replayed
    from arazzo_engine.world.replaying.reading import recorded_files
    from arazzo_engine.world.replaying.replaying import Watched, replay_to_look_at

    files = list(recorded_files(locations))
    if len(files) != 1:
        raise click.UsageError(f"--step is for one recording, and {len(files)} are named")
    watched = Watched()
    comparison = replay_to_look_at(_read(files[0]), amended, watched).comparison
    step_replayed(watched)
    _tell(comparison, form)
    if form == "json":
        _write_json([comparison], [])
    return ExitCode.SUCCESS if comparison.is_same else ExitCode.FAILED


def _tell(comparison: Comparison, form: str) -> None:
    if form == "text":
        tell(comparison.to_text())


def _counted(compared: list[Comparison], refused: int) -> str:
    same = sum(each.is_same for each in compared)
    unusable = f", {refused} cannot be replayed" if refused else ""
    return f"\n{len(compared) + refused} recordings: {same} the same, {len(compared) - same} not{unusable}"


def _write_json(compared: list[Comparison], refused: list[tuple[Path, ArazzoError]]) -> None:
    from arazzo_engine.recording.effects import write_diagnostics

    unusable = [{"name": str(file), "diagnostics": write_diagnostics(error.diagnostics)} for file, error in refused]
    is_same = not refused and all(each.is_same for each in compared)
    value = {"same": is_same, "recordings": [each.to_json() for each in compared], "unusable": unusable}
    click.echo(json.dumps(value, indent=2))


def _read(file: Path) -> Recording:
    from arazzo_engine.world.replaying.reading import read_file

    return read_file(file)


def _only(locations: tuple[str, ...]) -> Path:
    if len(locations) != 1:
        message = "`--export` writes one recording"
        raise ArazzoError(diagnose("option-invalid", message, fix="name one file"))
    return Path(locations[0])


def _export(file: Path, form: str, output: str | None) -> int:
    from arazzo_engine.cli.telling.reports import check_library
    from arazzo_engine.recording.exporting import EXPORTS
    from arazzo_engine.world.replaying.reading import read_traffic

    check_library(form, f"--export {form}")
    write_text(EXPORTS[form](read_traffic(file)), output)
    return ExitCode.SUCCESS


def _export_scenario(file: Path, document: str | None, output: str | None) -> int:
    from arazzo_engine.world.authoring.exporting import export_scenarios

    recording = _read(file)
    exported = export_scenarios(recording, document, output)
    folder = output if len(recording.beginning.workflows) > 1 else None
    if folder is not None:
        make_folder(folder)
    for each in exported:
        write_text(each.text, output if folder is None else str(Path(folder) / each.name))
        if not each.verdict.passed:
            tell("rehearsed, this scenario does not go as the recorded run did:", err=True)
            tell(each.verdict.reasons(), err=True)
    unbegun = recording.beginning.workflows[len(exported) :]
    if unbegun:
        named = ", ".join(f"`{each.workflow_id}`" for each in unbegun)
        tell(f"no scenario of {named}: its run had not begun when the recording ended", err=True)
    if not recording.is_whole:
        tell(f"this is a scenario as far as the recording goes: {recording.where_cut()}", err=True)
    return ExitCode.SUCCESS if all(each.verdict.passed for each in exported) else ExitCode.FAILED
