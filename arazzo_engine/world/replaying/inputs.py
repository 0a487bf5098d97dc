"""The inputs of a recorded run under another document: whether a run of it would be given them, and take them.

Decides what would be refused that the recorded document took. A secret is not judged: what stands for it fits no form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.recording.files import read_files
from arazzo_engine.reporting.messages.named_secrets import texts_of
from arazzo_engine.validation.inputs.given import GivenInputs, check_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.recording.beginning import Called
    from arazzo_engine.recording.recording import Recording
    from arazzo_engine.world.program import Program
    from arazzo_engine.world.replaying.programs import Programs


def given_inputs(called: Called) -> Values:
    """Return what was given to a recorded run, without the defaults that its document had."""
    given: Values = {name: value for name, value in called.inputs.items() if name not in called.defaulted}
    return given


def refused_inputs(program: Program, recording: Recording, programs: Programs) -> Iterator[Diagnostic]:
    """Yield why a run of another document would not begin with the inputs of a recorded one."""
    for called in recording.beginning.workflows:
        now = _complaints(program, called)
        then = {(each.code, each.message) for each in _then(recording, programs, called)} if now else set()
        secret = _secret(program, called, recording.beginning.hidden) if now else ()
        for each in now:
            # a rehearsal makes up what is missing
            is_made_up = recording.beginning.is_rehearsal and each.code == "input-missing"
            if (each.code, each.message) not in then and not is_made_up and not any(s in each.message for s in secret):
                yield each


def _then(recording: Recording, programs: Programs, called: Called) -> tuple[Diagnostic, ...]:
    try:
        return _complaints(programs.open(recording), called)
    except ArazzoError:
        return ()


def _complaints(program: Program, called: Called) -> tuple[Diagnostic, ...]:
    try:
        check_inputs(program.checked.workflow(called.workflow_id), GivenInputs(read_files(given_inputs(called))))
    except ArazzoError as error:
        return error.diagnostics
    return ()


def _secret(program: Program, called: Called, hidden: tuple[str, ...]) -> tuple[str, ...]:
    linked, inputs = program.checked.linked, read_files(called.inputs)
    workflow = program.checked.workflow(called.workflow_id)
    known = {*hidden, *find_secrets(linked).inputs_of(workflow, inputs)}
    return tuple(f"`{name}`" for name, value in inputs.items() if known.intersection(texts_of([value])))
