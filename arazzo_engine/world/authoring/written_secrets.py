"""What a document itself writes that is secret: the defaults and examples of secret inputs, and literal credentials.

Decides which texts these are, so that a page of the document can leave them out. What is secret is decided elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.machine.secrets import find_secrets
from arazzo_engine.reporting.messages.named_secrets import texts_of
from arazzo_engine.secret_names import is_secret_member
from arazzo_engine.validation.inputs.hidden import is_hidden
from arazzo_engine.validation.inputs.schemas import properties_of, whole_schema
from arazzo_engine.validation.inputs.subschemas import every_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue

_OF_ONE: Final = ("default", "example", "const")


def written_secrets(linked: LinkedDescription) -> tuple[str, ...]:
    """Return the secret texts that the documents of a description hold."""
    secrets = find_secrets(linked)
    found: dict[str, None] = {}
    for workflow in linked.workflows.values():
        for inputs in _inputs(workflow):
            found |= dict.fromkeys(secrets.inputs_of(workflow, inputs))
        found |= dict.fromkeys(texts_of(_in_schemas(workflow)))
    return tuple(found)


def _inputs(workflow: LinkedWorkflow) -> Iterator[dict[str, JsonValue]]:
    """Yield inputs that the schema of a workflow writes, beginning with none: literals are written all the same."""
    yield {}
    for name, schema in properties_of(workflow).items():
        yield from ({name: value} for value in _values(as_mapping(schema)))


def _in_schemas(workflow: LinkedWorkflow) -> Iterator[JsonValue]:
    for _, schema in every_schema(whole_schema(workflow).value):
        if is_hidden(schema):
            yield from _values(schema)
        for name, member in as_mapping(schema.get("properties")).items():
            if is_secret_member(name):
                yield from _values(as_mapping(member))


def _values(schema: dict[str, JsonValue]) -> Iterator[JsonValue]:
    yield from (schema[name] for name in _OF_ONE if name in schema)
    yield from as_list(schema.get("examples"))
