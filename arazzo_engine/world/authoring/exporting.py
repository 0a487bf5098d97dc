"""A recorded run as a scenario: what it was given and answered, byte for byte, and that it ended so.

Decides what of a recording decides how a rehearsal goes: documents by their place, inputs, options, access, and each
answer with the time at which it came. What was made is rehearsed before it is given, so that nobody takes a scenario
for the run that is not. Secrets are the stand-ins that the recording has.
"""

from __future__ import annotations

import os
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.security.credentials import MADE_UP
from arazzo_engine.diagnostics import ArazzoError, diagnose
from arazzo_engine.documents.reading import read_document
from arazzo_engine.recording.effects import BUG, INTERRUPTION, RAISED
from arazzo_engine.scenarios.first import Ran, ran, scenario_text
from arazzo_engine.scenarios.options import OPTIONS
from arazzo_engine.world.authoring.recorded_answers import recorded_answers
from arazzo_engine.world.authoring.testing import SUFFIXES, Bench, from_folder
from arazzo_engine.world.engine import Engine
from arazzo_engine.world.recording.remembered import access_of
from arazzo_engine.world.replaying.replaying import replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.scenarios.verdict import Verdict

# an option by itself says nothing when it is what an engine does anyway
_USUAL: Final = {each.name: each.default for each in fields(Engine)}


class Exported(Struct, frozen=True):
    """The text of a scenario, and what became of it when it was rehearsed."""

    text: str
    verdict: Verdict


def export_scenario(recording: Recording, document: str | None, output: str | None) -> Exported:
    """Return the scenario of a recorded run as it stands in the file ``output``, by default one in this folder.

    ``document`` is where the document is now, when that is elsewhere. Raises ``ArazzoError`` (``option-invalid``) for a
    recording that no scenario can be of.
    """
    _check(recording)
    path = Path(output or f"{Path(recording.name).stem}{SUFFIXES[0]}").absolute()
    place = from_folder(path.parent, document or _document(recording))
    text = scenario_text(place, _ran(recording, path.parent), path.name.removesuffix("".join(path.suffixes[-2:])))
    return Exported(text, Bench().judge(read_document(text, path.as_uri(), path.name), path))


def _check(recording: Recording) -> None:
    raised = {line.value[RAISED]["kind"] for line in recording.lines if RAISED in line.value}
    if not recording.is_whole:
        raise _refused(recording, recording.where_cut(), "export the recording of a run that has ended")
    if len(recording.beginning.workflows) > 1:
        count = f"it is of {len(recording.beginning.workflows)} workflows, and a scenario is of one"
        raise _refused(recording, count, "record the run of one workflow")
    if raised & {BUG, INTERRUPTION}:
        raise _refused(recording, "its run was interrupted", "export the recording of a run that has ended by itself")


def _refused(recording: Recording, why: str, fix: str) -> ArazzoError:
    return ArazzoError(diagnose("option-invalid", f"{recording.name} cannot be a scenario: {why}", fix=fix))


def _document(recording: Recording) -> str:
    parts = urlsplit(recording.beginning.document)
    path = unquote(parts.path) if parts.scheme == "file" else ""
    if not path or not Path(path).is_file():
        raise _refused(recording, "the document of its run is no file here", "name it with `--document`")
    return path


def _ran(recording: Recording, folder: Path) -> Ran:
    replayed = replay(recording)
    if not replayed.comparison.is_same:
        fix = f"`arazzo replay {recording.name}` tells where; record the run with this engine"
        raise _refused(recording, "this engine would not have done the same", fix)
    (called,), (report,) = recording.beginning.workflows, replayed.reports
    options = dict(_options(recording, folder))
    did = ran(report, called.inputs, "{}.{}".format)
    return replace(did, options=options, answers=recorded_answers(recording))


def _options(recording: Recording, folder: Path) -> Iterator[tuple[str, Any]]:
    beginning = recording.beginning
    yield "clock", datetime.fromtimestamp(beginning.started_at, UTC).isoformat()
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
