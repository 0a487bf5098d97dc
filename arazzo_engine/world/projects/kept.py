"""Values that a run gets from what stands around its document: references, and the inputs of the project file.

Decides what an input is that nobody gave, and what is a secret because it was kept elsewhere. A rehearsal asks nobody
for what a project file refers to: it makes such a value up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from arazzo_engine.typed import Silent
from arazzo_engine.validation.inputs.given import GivenInputs
from arazzo_engine.validation.inputs.schemas import declared_inputs, input_from_text
from arazzo_engine.world.loading.input_files import asks_for_file, read_input_files
from arazzo_engine.world.projects.references import Reference, check_place, is_kept, resolve, resolve_secret
from arazzo_engine.world.projects.standing import NOWHERE, Standing

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.world.projects.settings import Setting

_INPUTS: Final = "inputs"
_WORKFLOWS: Final = "workflows"


class Kept(Silent, frozen=True):
    """What stands around a document, for the runs of its program."""

    standing: Standing = NOWHERE

    def secret(self, reference: Reference) -> str:
        """Return the credential that a reference gives; raises ``ArazzoError`` (``value-reference-failed``)."""
        return resolve_secret(reference, self.standing.environment, may_run=self.standing.choice.allow_commands)

    def has(self, reference: Reference) -> bool:
        """Whether a reference seems to give a credential, without asking for it."""
        return is_kept(reference, self.standing.environment, may_run=self.standing.choice.allow_commands)

    def read(self, given: GivenInputs, workflows: Sequence[LinkedWorkflow]) -> GivenInputs:
        """Return the inputs with the values of the references among them, which are secrets from then on.

        Raises ``ArazzoError`` (``value-reference-failed``, ``inputs-unreadable``).
        """
        referring = {name: value for name, value in given.values.items() if refers(value)}
        if not referring:
            return given
        files = {name: value for name, value in referring.items() if _is_file(name, value, workflows)}
        named = read_input_files(GivenInputs({name: _marked(each) for name, each in files.items()}), workflows)
        rest = referring.keys() - files.keys()
        secrets = {name: self._value(name, referring[name], workflows) for name in sorted(rest)}
        return replace(given, values={**given.values, **named.values, **secrets}, hidden=given.hidden | rest)

    def complete(
        self, given: GivenInputs, workflows: Sequence[LinkedWorkflow], *, rehearses: bool = False
    ) -> GivenInputs:
        """Return the inputs with those that the project file has and nobody gave; raises as ``read`` does."""

        def table(*at: str) -> dict[str, Setting]:
            written = self.standing.settings.table(*at)
            return {name: each for name, each in written.items() if not (rehearses and refers(each.value))}

        ids = [each.key.workflow_id for each in workflows]
        tables = {each: table(_WORKFLOWS, each, _INPUTS) for each in ids}
        own = {name: self._taken(tables[name], given.values, [each]) for name, each in zip(ids, workflows, strict=True)}
        # of what every workflow has as its own, nobody is asked for another value
        needless = {
            name for each in tables.values() for name in each if all(name in own[other].values for other in own)
        }
        found = self._taken(table(_INPUTS), given.values.keys() | needless, workflows)
        values, hidden = {**found.values, **given.values}, given.hidden | found.hidden
        whole = replace(given, values=values, places=found.places, hidden=hidden, own=own)
        return whole.of(*ids) if len(ids) == 1 else whole

    def _taken(
        self, written: Mapping[str, Setting], given: Container[str], workflows: Sequence[LinkedWorkflow]
    ) -> GivenInputs:
        """Return the inputs that a table has, that are declared, and that nobody gave."""
        declared = {name for each in workflows for name in declared_inputs(each)}
        taken = {name: each for name, each in written.items() if name in declared and name not in given}
        own = self.read(GivenInputs({name: each.value for name, each in taken.items()}), workflows)
        return replace(own, places={name: each.location for name, each in taken.items()})

    def _value(self, name: str, value: Any, workflows: Sequence[LinkedWorkflow]) -> JsonValue:  # noqa: ANN401 - with references in it
        if not isinstance(value, Reference):
            return self._within(value)
        declaring = next((each for each in workflows if name in declared_inputs(each)), workflows[0])
        text: JsonValue = self._within(value)
        return input_from_text(declaring, name, str(text))

    def _within(self, value: Any) -> JsonValue:  # noqa: ANN401 - the same
        match value:
            case Reference():
                return resolve(value, self.standing.environment, may_run=self.standing.choice.allow_commands)
            case list():
                return [self._within(each) for each in value]
            case dict():
                return {name: self._within(each) for name, each in value.items()}
            case _:
                found: JsonValue = value
                return found


def refers(value: object) -> bool:
    """Whether a value is a reference, or has one in it."""
    match value:
        case Reference():
            return True
        case list():
            return any(map(refers, value))
        case dict():
            return any(map(refers, value.values()))
        case _:
            return False


def _is_file(name: str, value: object, workflows: Sequence[LinkedWorkflow]) -> bool:
    """Whether a reference names a file where the schema of an input asks for one: then it is that file."""
    is_named = isinstance(value, Reference) and value.kind == "file"
    return is_named and any(asks_for_file(each, name) for each in workflows)


def _marked(reference: Reference) -> str:
    """Return how an input names the file of a reference."""
    check_place(reference)
    return f"@{reference.path}"
