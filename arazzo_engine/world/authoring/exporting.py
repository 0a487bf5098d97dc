"""A recorded run as a scenario: what it was given and answered, byte for byte, and that it ended so.

Decides what of a recording decides how a rehearsal goes: documents by their place, inputs, options, access, and each
answer with the time at which it came. Each run is a scenario; one whose end is not known goes as far as it is known,
and is interrupted there. What was made is rehearsed before it is given, so that nobody takes a scenario for the run
that is not. Secrets are the stand-ins that the recording has.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.security.credentials import MADE_UP
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.reading import read_document
from arazzo_engine.documents.uris import scheme_of
from arazzo_engine.scenarios.comparing import path_of
from arazzo_engine.scenarios.first import Ran, ran, scenario_text
from arazzo_engine.scenarios.options import OPTIONS
from arazzo_engine.typed import Silent
from arazzo_engine.world.authoring.recorded_answers import interrupted, recorded_answers
from arazzo_engine.world.authoring.recorded_runs import RecordedRun, runs_of
from arazzo_engine.world.authoring.testing import SUFFIXES, Bench, from_folder
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.loading.disk_files import is_there
from arazzo_engine.world.loading.file_uris import location_of
from arazzo_engine.world.recording.remembered import access_of
from arazzo_engine.world.replaying.programs import Programs
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import WorkflowKey
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.scenarios.verdict import Verdict

# an option by itself says nothing when it is what an engine does anyway
_USUAL: Final = {each.name: each.default for each in fields(Engine)}


class Exported(Struct, frozen=True):
    """The text of a scenario, what became of it when it was rehearsed, and the name of its file, of several."""

    text: str
    verdict: Verdict
    name: str = ""


def export_scenarios(recording: Recording, document: str | None, output: str | None) -> tuple[Exported, ...]:
    """Return the scenario of each recorded run as it stands in the file ``output``, by default one in this folder.

    Those of several runs are in the folder ``output``. ``document`` is where the document is now, when that is
    elsewhere. Raises ``ArazzoError`` (``option-invalid``) for a recording that no scenario can be of.
    """
    stem = Path(recording.name).stem
    is_one = len(recording.beginning.workflows) == 1
    if not is_one and (output is None or is_there(Path(output)) or output.endswith(SUFFIXES)):
        count = f"it is of {len(recording.beginning.workflows)} workflows, and each is a scenario of its own"
        raise _refused(recording, count, "name a folder for them: `--output FOLDER`")
    located = document or _document(recording)
    exporting = _Exporting(recording, located, replayed_runs(recording))
    if is_one:
        return (exporting.export(0, Path(output or f"{stem}{SUFFIXES[0]}").absolute()),)
    names = [f"{stem}-{number}-{each.called.workflow_id}" for number, each in enumerate(exporting.runs, 1)]
    places = [Path(output or "").absolute() / f"{each}{SUFFIXES[0]}" for each in names]
    return tuple(exporting.export(number, path) for number, path in enumerate(places))


def replayed_runs(recording: Recording) -> tuple[RecordedRun, ...]:
    """Return the runs of a recording as a replay makes them again; raises ``ArazzoError`` when it does otherwise."""
    replayed = replay(recording)
    if not replayed.comparison.is_same:
        fix = f"`arazzo replay {recording.name}` tells where; record the run with this engine"
        raise _refused(recording, "this engine would not have done the same", fix)
    runs = runs_of(recording, replayed.reports)
    if not runs:
        raise _refused(recording, recording.where_cut(), "export the recording of a run that has begun")
    if any(each.has_bug for each in runs):
        fix = f"report the bug with what `arazzo replay {recording.name}` tells"
        raise _refused(recording, "a bug of the engine ended its run", fix)
    return runs


class _Exporting(Silent, frozen=True):
    """A recording whose runs become scenarios, and where their document is."""

    recording: Recording
    document: str
    runs: tuple[RecordedRun, ...]

    def export(self, number: int, path: Path) -> Exported:
        """Return the scenario of a run as it will be in a file."""
        run = self.runs[number]
        did = self._did(number, path.parent)
        written = _Written(path, from_folder(path.parent, self.document))
        if run.is_open:
            did = _as_far_as_known(run, did, written)
        return Exported(written.text(did), written.rehearsed(did), path.name)

    def _did(self, number: int, folder: Path) -> Ran:
        """Return what a run did; one that took the outputs of runs before it has theirs in it."""
        run = self.runs[number]
        before = [each for each in self.runs[:number] if each.called.workflow_id in self._needed(run)]
        answers: dict[str, list[dict[str, Any]]] = {}
        for each in (*before, run):
            for step, given in recorded_answers(each).items():
                answers.setdefault(step, []).extend(given)
        path = tuple(entry for each in (*before, run) for entry in path_of(each.report))
        options = dict(_options(self.recording, folder, (before or [run])[0].began))
        return replace(ran(run.report, run.called.inputs, "{}.{}".format), options=options, answers=answers, path=path)

    def _needed(self, run: RecordedRun) -> set[str]:
        """Return the workflows that the one of a run depends on, however many lie between."""
        linked = Programs().open(self.recording).checked.linked
        found: set[WorkflowKey] = set()
        waiting = [linked.key(run.called.workflow_id)]
        while waiting:
            workflow = linked.workflows[waiting.pop()]
            named = (workflow.references.get(each) for each in workflow.workflow.depends_on)
            new = [each for each in named if each is not None and each not in found]
            found.update(new)
            waiting.extend(each for each in new if each in linked.workflows)
        return {each.workflow_id for each in found}


class _Written(Silent, frozen=True):
    """Where a scenario is written, and where its document is from there."""

    path: Path
    document: str

    def text(self, did: Ran) -> str:
        """Return the scenario."""
        return scenario_text(self.document, did, self.path.name.removesuffix("".join(self.path.suffixes[-2:])))

    def rehearsed(self, did: Ran) -> Verdict:
        """Return what becomes of the scenario."""
        return Bench().judge(read_document(self.text(did), self.path.as_uri(), self.path.name), self.path)


def _as_far_as_known(run: RecordedRun, did: Ran, written: _Written) -> Ran:
    """Return what a run did whose end is not known: it is interrupted at the first request that has no answer.

    What it does until then is decided by what it was answered.
    """
    known = did.path[: len(did.path) - len([*path_of(run.report)]) + run.finished]
    first = written.rehearsed(did).report
    asked = None if first is None else _first_unanswered(first, did.answers)
    if asked is not None:
        name, attempt = asked
        is_sent = run.underway == (*name.split("."), attempt)
        given = [*did.answers.get(name, ()), interrupted(is_sent=is_sent)]
        did = replace(did, answers={**did.answers, name: given})
    last = written.rehearsed(did).report
    found = () if last is None else tuple(path_of(last))
    if last is None or found[: len(known)] != known:
        # the document has changed since, which is told
        return replace(did, path=known)
    return replace(did, path=found, outcome=last.status.value, outputs=last.outputs)


def _first_unanswered(report: RunReport, answers: Mapping[str, list[dict[str, Any]]]) -> tuple[str, int] | None:
    """Return the first attempt whose answer was made up: the full name of its step, and its number."""
    counted: Counter[str] = Counter()
    for step in report.steps:
        if step.response is not None:
            name = f"{step.workflow_id}.{step.step_id}"
            counted[name] += 1
            if counted[name] > len(answers.get(name, ())):
                return name, step.attempt
    return None


def _refused(recording: Recording, why: str, fix: str) -> ArazzoError:
    return ArazzoError(diagnose("option-invalid", f"{recording.name} cannot be a scenario: {why}", fix=fix))


def _document(recording: Recording) -> str:
    uri = recording.beginning.document
    path = location_of(uri) if scheme_of(uri) == "file" else ""
    if not path or not is_there(Path(path)):
        raise _refused(recording, "the document of its run is no file here", "name it with `--document`")
    return path


def _options(recording: Recording, folder: Path, began: float) -> Iterator[tuple[str, Any]]:
    beginning = recording.beginning
    yield "clock", datetime.fromtimestamp(began, UTC).isoformat()
    for name, value in (_placed(beginning.options, folder) | _access(recording)).items():
        option = _NAMED.get(name, name.replace("_", "-"))
        if option in OPTIONS and value and value != _USUAL[name]:
            yield option, value


_NAMED: Final = {"credentials": "auth", "allow_hosts": "allow-host", "source_dirs": "source-dir"}


def _placed(options: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    sources = {name: _from(folder, each) for name, each in options.get("sources", {}).items()}
    return {
        **options,
        "sources": sources,
        "source_dirs": [_from(folder, each) for each in options.get("source_dirs", ())],
    }


def _from(folder: Path, location: str) -> str:
    return Path(os.path.relpath(location, folder)).as_posix() if location.startswith(os.sep) else location


def _access(recording: Recording) -> dict[str, Any]:
    """Return who asked, and where; a rehearsal makes up the tokens that a client would get."""
    access = access_of(recording.beginning.access)
    credentials = {
        f"{source}.{scheme}": each.value
        for (source, scheme), each in access.credentials.by_scheme.items()
        if each.value and each.client is None and each.origin != MADE_UP
    }
    named = {"servers": dict(access.servers), "server_vars": dict(access.server_variables)}
    return {**named, "allow_hosts": list(access.allowed_hosts), "credentials": credentials}
