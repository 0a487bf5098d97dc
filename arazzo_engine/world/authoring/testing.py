"""Running scenarios: files in, verdicts out. A document is loaded once, however many scenarios are about it.

Decides where scenarios are, that their clock stands still and their chance is the same each time, and what becomes of
one that cannot be rehearsed: it is a verdict, too, and the others go on.
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.linking.step_names import shortest_name
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.editing.editing import edit_text
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.edits import Edit
from arazzo_engine.recording.files import read_files
from arazzo_engine.reporting.events import ignore
from arazzo_engine.scenarios.comparing import differences, path_of
from arazzo_engine.scenarios.first import ran, scenario_text
from arazzo_engine.scenarios.scenario import check_steps, read_scenario
from arazzo_engine.scenarios.verdict import Verdict, Verdicts
from arazzo_engine.simulation.cues import Cues
from arazzo_engine.simulation.given_answers import read_answers
from arazzo_engine.simulation.paths.covering import coverage_of
from arazzo_engine.simulation.paths.walk import walk_of
from arazzo_engine.world.all_paths import walk_all
from arazzo_engine.world.authoring.settings import engine_of
from arazzo_engine.world.drivers.deadline import Deadline
from arazzo_engine.world.loading.disk_files import is_folder, is_taken, is_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedWorkflow, WorkflowKey
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.documents.document import Document
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.scenarios.comparing import Difference
    from arazzo_engine.scenarios.scenario import Scenario
    from arazzo_engine.simulation.paths.walk import Walk
    from arazzo_engine.world.all_paths import Shown
    from arazzo_engine.world.engine import Engine
    from arazzo_engine.world.program import Program
    from arazzo_engine.world.running import Prepared

_PLACED: Final = frozenset({"sources", "source-dir"})
SUFFIXES: Final = (".scenario.yaml", ".scenario.yml", ".scenario.json")


def find_scenarios(paths: Iterable[str]) -> tuple[Path, ...]:
    """Return the files of scenarios: those named, and all below the folders named.

    Raises ``ArazzoError`` (``source-not-found``) when there is none.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        inside = sorted(each for each in path.rglob("*") if each.name.endswith(SUFFIXES)) if is_folder(path) else [path]
        found.update(dict.fromkeys(inside))
    if not found:
        message = f"there is no scenario in {', '.join(paths)}"
        fix = "`arazzo test --init DOC` writes the first ones; their names end in `.scenario.yaml`"
        raise ArazzoError(diagnose("source-not-found", message, fix=fix))
    return tuple(found)


class Bench(Struct):
    """Rehearses scenarios, and knows what they showed."""

    engines: dict[str, Engine] = field(default_factory=dict)
    programs: dict[tuple[Path, str], Program] = field(default_factory=dict)
    walks: dict[tuple[str, WorkflowKey], Walk] = field(default_factory=dict)

    def run(self, path: Path) -> Verdict:
        """Return the verdict on the scenario in a file."""
        begun = perf_counter()
        try:
            return self.judge(_read(path), path)
        except ArazzoError as error:
            return Verdict(str(path), path.name, refused=error.diagnostics, elapsed=perf_counter() - begun)

    def judge(self, document: Document, path: Path) -> Verdict:
        """Return the verdict on the scenario in a document that is, or will be, in a file."""
        begun = perf_counter()
        name = path.name
        try:
            scenario = read_scenario(document, _name_of(path))
            name = scenario.name
            report = self.rehearse(scenario, path)
        except ArazzoError as error:
            return Verdict(str(path), name, refused=error.diagnostics, elapsed=perf_counter() - begun)
        found = tuple(differences(scenario.expect, report))
        return Verdict(str(path), name, found, (), report, perf_counter() - begun)

    def rehearse(self, scenario: Scenario, path: Path) -> RunReport:
        """Return the report of what a scenario describes; raises ``ArazzoError``."""
        location = _location(scenario, path)
        program = self._program(location, scenario, path.parent)
        linked = program.checked.linked
        if scenario.answers is not None:
            program = replace(program, cues=Cues(answers=read_answers(scenario.answers, linked)))
        prepared = program.filled(scenario.workflow, _inputs(scenario)).prepare()
        runs = prepared.named("scenario").start(ignore, Deadline())
        (call,) = runs.calls
        check_steps(scenario, _names_of_steps(linked.reachable([call.key])))
        if runs.stage is not None:
            runs.stage.waits_pass = True
            runs.stage.walk = self._walk(str(location), program, call.key)
        return runs.with_unused(runs.run(call))

    def verdicts(self, paths: Iterable[Path], words: str = "") -> Verdicts:
        """Return the verdicts on scenarios, those with some words in file or name, and what these showed.

        Raises ``ArazzoError`` (``option-invalid``) when the words stand nowhere.
        """
        return as_one([self.part(chosen(paths, words))])

    def part(self, paths: Iterable[Path]) -> Verdicts:
        """Return the verdicts on some of all scenarios, and what they showed."""
        verdicts = tuple(map(self.run, paths))
        shown = tuple((name, coverage_of(key.workflow_id, walk, ())) for (name, key), walk in self.walks.items())
        return Verdicts(verdicts, shown)

    def _program(self, location: Path, scenario: Scenario, folder: Path) -> Program:
        # what stands beside one scenario may be another file beside another one
        beside = str(folder) if _PLACED & scenario.options.keys() else ""
        settings = json.dumps([scenario.options, beside], sort_keys=True)
        if settings not in self.engines:
            self.engines[settings] = engine_of(scenario.options, folder)
        key = location, settings
        if key not in self.programs:
            self.programs[key] = self.engines[settings].load(str(location))
        return self.programs[key]

    def _walk(self, location: str, program: Program, key: WorkflowKey) -> Walk:
        walk = self.walks.get((location, key))
        if walk is None:
            walk = self.walks[location, key] = walk_of(program.checked.linked.reachable([key]))
            # the first run of a walk leads nowhere by itself: it sees where others lead
            walk.begin()
        return walk


def chosen(paths: Iterable[Path], words: str) -> tuple[Path, ...]:
    """Return the scenarios with some words in file or name; raises ``ArazzoError`` (``option-invalid``) for none."""
    found = tuple(path for path in paths if words in f"{path} {_name_in(path)}")
    if not found:
        message = f"no scenario has `{words}` in its file or name"
        raise ArazzoError(diagnose("option-invalid", message, fix="`arazzo test` without `-k` takes all of them"))
    return found


def as_one(parts: Iterable[Verdicts], order: Iterable[Path] = ()) -> Verdicts:
    """Return the verdicts of parts, in the order of their files, with those refused whose name another one has."""
    known, places = tuple(parts), {str(path): place for place, path in enumerate(order)}
    verdicts = sorted((each for part in known for each in part.all), key=lambda each: places.get(each.file, 0))
    repeated = _repeated(verdicts)
    told = (replace(each, refused=(*each.refused, *repeated.get(each.file, ()))) for each in verdicts)
    shown = (each for part in known for each in part.coverage)
    return Verdicts(tuple(told), tuple(sorted(shown, key=lambda each: each[0])))


def document_of(path: Path) -> Path:
    """Return where the document of a scenario is, the scenario itself when it cannot be read."""
    try:
        return _location(read_scenario(_read(path), path.name), path)
    except ArazzoError:
        return path


def _location(scenario: Scenario, path: Path) -> Path:
    try:
        return (path.parent / scenario.document).resolve()
    except (OSError, ValueError, RuntimeError):
        at = scenario.at.child("document").location()
        fix = "write the path of the Arazzo document from here"
        raise ArazzoError(diagnose("scenario-invalid", "no file can be at this path", at, fix=fix)) from None


def _inputs(scenario: Scenario) -> dict[str, JsonValue]:
    """Return the inputs, with the files among them that a recording had."""
    try:
        return dict(read_files(scenario.inputs))
    except (KeyError, TypeError, ValueError) as error:
        at = scenario.at.child("inputs").location()
        fix = "write `$file` as an exported recording has it"
        raise ArazzoError(
            diagnose("scenario-invalid", "a file among the inputs cannot be read", at, fix=fix)
        ) from error


def _names_of_steps(workflows: Iterable[LinkedWorkflow]) -> set[str]:
    names = [(each.workflow.workflow_id, step.step.step_id) for each in workflows for step in each.steps]
    return {name for workflow, step in names for name in (step, f"{workflow}.{step}")}


def _name_in(path: Path) -> str:
    """Return the name of a scenario, or of its file when it cannot be used."""
    try:
        return read_scenario(_read(path), _name_of(path)).name
    except ArazzoError:
        return path.name


def _name_of(path: Path) -> str:
    return path.name.removesuffix("".join(path.suffixes))


def _read(path: Path) -> Document:
    if is_taken(path) and not is_there(path):
        message = f"the scenario cannot be read: {path} is no file"
        raise ArazzoError(diagnose("scenario-invalid", message, fix="name an existing file"))
    try:
        return read_document(path.read_bytes(), path.absolute().as_uri(), str(path))
    except OSError as error:
        message = f"the scenario cannot be read: {path}: {error.strerror}"
        raise ArazzoError(diagnose("scenario-invalid", message, fix="name an existing file")) from error


def _repeated(verdicts: Iterable[Verdict]) -> dict[str, tuple[Diagnostic, ...]]:
    """Return what is said of scenarios whose name another one has, by their files."""
    first: dict[str, str] = {}
    found: dict[str, tuple[Diagnostic, ...]] = {}
    for each in verdicts:
        if each.name in first:
            message = f"`{each.name}` is the name of a scenario in {first[each.name]}, too"
            found[each.file] = (diagnose("scenario-invalid", message, fix="give one of them another `name`"),)
        else:
            first[each.name] = each.file
    return found


def update(path: Path, verdict: Verdict) -> bool:
    """Write into a scenario what its run did instead of what was expected; whether that could be written.

    Raises ``ArazzoError`` when the file cannot be read or written.
    """
    document = _read(path)
    written = [each for each in verdict.differences if _can_be_written(each)]
    edited = edit_text(document, [_edit(document, each, verdict) for each in written])
    try:
        path.write_text(edited.text, encoding="utf-8", newline="")
    except OSError as error:
        message = f"the scenario cannot be written: {path}: {error.strerror}"
        raise ArazzoError(diagnose("scenario-invalid", message, fix="name a file that can be written")) from error
    return not edited.refused and len(written) == len(verdict.differences)


def _can_be_written(difference: Difference) -> bool:
    # what is not there is no value, and of requests only parts are expected: a person has to say which
    match difference.pointer:
        case ("expect", "path"):
            return True
        case ("expect", "requests", _):
            return False
        case _:
            return difference.found is not ABSENT


def _edit(document: Document, difference: Difference, verdict: Verdict) -> Edit:
    found = difference.found
    if difference.pointer == ("expect", "path") and verdict.report is not None:
        found = [*path_of(verdict.report)]
    return Edit(document.uri, difference.pointer, json.dumps(found, ensure_ascii=False))


def first_scenarios(location: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield scenarios for a document, names of files in a folder and texts: one for each path of each workflow.

    Raises ``ArazzoError`` when the document cannot be rehearsed.
    """
    with engine_of({}, folder) as engine:
        program = engine.load(location).independent()
        named = partial(shortest_name, program.checked.linked)
        for workflow_id in program.workflow_ids:
            filled = program.filled(workflow_id, None)
            prepared = filled.prepare()
            for number, shown in enumerate(_paths(prepared), start=1):
                report, inputs = shown.report, _inputs_of(shown, prepared, filled.given.values)
                at = "" if report.succeeded else f"-at-{report.steps[-1].step_id}"
                name = f"{workflow_id}-{number}-{report.status.value}{at}"
                text = scenario_text(from_folder(folder, location), ran(report, inputs, named), name)
                yield f"{name}{SUFFIXES[0]}", text


def from_folder(folder: Path, location: str) -> str:
    """Return the path of a file from a folder."""
    return Path(os.path.relpath(Path(location).absolute(), folder.absolute())).as_posix()


def _inputs_of(shown: Shown, prepared: Prepared, given: Values) -> Values:
    """Return the inputs of a run: those given, and those that were varied for it."""
    (call,) = prepared.ready.calls
    return {**given, **{name: value for name, value in shown.inputs.items() if value != call.inputs.get(name, ABSENT)}}


def _paths(prepared: Prepared) -> list[Shown]:
    (call,) = prepared.ready.calls
    return walk_all(prepared, call, Deadline())[1]
