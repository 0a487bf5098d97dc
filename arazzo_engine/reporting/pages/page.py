"""What the page of a document says, as values: title, providers, inputs, steps, outputs, sources and the flow.

Decides what is on a page and what it leaves out: the default of a secret, a link that is no place on the web or beside
the document. Every text is one of the document, with what URLs hide taken out, and is escaped by whoever writes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.documents.uris import origin_of, scheme_of
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.reporting.pages.flow import Flow, called_by, flow_of
from arazzo_engine.secret_names import MASK, hide_in_urls, is_secret_member
from arazzo_engine.validation.inputs.schemas import declared_inputs, properties_of, required_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import SourceDescription

# where authors write what a catalogue sorts by, since the specification has no field for it
_TAGS: Final = ("x-tags", "tags")
_PROVIDERS: Final = ("x-providerName", "x-provider-name", "x-provider")
_SAFE_SCHEMES: Final = frozenset({"", "http", "https"})


class InputRow(Struct, frozen=True):
    """An input of a workflow; ``default`` is JSON, empty when there is none."""

    name: str
    type: str
    required: bool
    description: str = ""
    default: str = ""


class StepRow(Struct, frozen=True):
    """A step: what it calls as written, and the method and path of that where the description is at hand."""

    number: int
    step_id: str
    calls: str
    description: str
    line: int
    method: str = ""
    path: str = ""


class SourceRow(Struct, frozen=True):
    """A source description; ``link`` is empty when no link may lead there. Of its ``servers`` the first is used."""

    name: str
    type: str
    url: str
    link: str
    servers: tuple[str, ...] = ()


class WorkflowPart(Struct, frozen=True):
    """What a page says of one workflow; an output is a name and where its value comes from."""

    workflow_id: str
    summary: str
    description: str
    line: int
    inputs: tuple[InputRow, ...]
    outputs: tuple[tuple[str, str], ...]
    steps: tuple[StepRow, ...]
    flow: Flow


class Page(Struct, frozen=True):
    """What a page says of a document; ``text`` is the document itself."""

    name: str
    title: str
    version: str
    summary: str
    description: str
    tags: tuple[str, ...]
    providers: tuple[str, ...]
    workflows: tuple[WorkflowPart, ...]
    sources: tuple[SourceRow, ...]
    text: str

    @property
    def counts(self) -> str:
        """How much there is of each, in words."""
        counted = ((self.workflows, "workflow"), (self.sources, "source API"), (self.providers, "provider"))
        return ", ".join(f"{len(each)} {noun}{'' if len(each) == 1 else 's'}" for each, noun in counted if each)


def page_of(linked: LinkedDescription) -> Page:
    """Return the page of the entry document of what was linked, whose sources may be missing."""
    entry = linked.entry
    document = entry.at.document
    said = as_mapping(as_mapping(document.value).get("info"))
    own = [each for each in (linked.workflows.get(linked.key(one.workflow_id)) for one in entry.workflows) if each]
    return Page(
        name=document.name.rsplit("/", 1)[-1],
        title=entry.info.title,
        version=entry.info.version,
        summary=hide_in_urls(entry.info.summary),
        description=hide_in_urls(entry.info.description),
        tags=_named(said, _TAGS),
        providers=_named(said, _PROVIDERS) or _hosts(linked),
        workflows=tuple(map(_workflow, own)),
        sources=tuple(_source(each, linked) for each in entry.source_descriptions),
        text=hide_in_urls(document.text),
    )


def _named(said: dict[str, JsonValue], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for name in names for text in _texts(said.get(name))))


def _hosts(linked: LinkedDescription) -> tuple[str, ...]:
    """Return the hosts of the operations, which stand for who provides them where the document names nobody."""
    urls = (server.url for operation in linked.operations() for server in operation.servers[:1])
    hosts = (origin[1] for origin in map(origin_of, urls) if origin is not None)
    return tuple(dict.fromkeys(each for each in hosts if each and "{" not in each))


def _workflow(linked: LinkedWorkflow) -> WorkflowPart:
    workflow = linked.workflow
    return WorkflowPart(
        workflow.workflow_id,
        hide_in_urls(workflow.summary),
        hide_in_urls(workflow.description),
        workflow.at.location().line,
        tuple(_inputs(linked)),
        tuple(_outputs(linked)),
        tuple(_step(number, step) for number, step in enumerate(linked.steps, start=1)),
        flow_of(linked),
    )


def _inputs(linked: LinkedWorkflow) -> Iterator[InputRow]:
    required, properties = required_inputs(linked), properties_of(linked)
    for name in sorted(declared_inputs(linked)):
        schema = as_mapping(properties.get(name))
        told = schema.get("description")
        description = hide_in_urls(told) if isinstance(told, str) else ""
        yield InputRow(name, _type(schema), name in required, description, _default(name, schema))


def _type(schema: dict[str, JsonValue]) -> str:
    types = schema.get("type")
    named = types if isinstance(types, str) else " or ".join(_texts(types))
    values = as_list(schema.get("enum"))
    shown = f"{named} ({schema['format']})" if isinstance(schema.get("format"), str) and named else named
    return f"{shown or 'one'} of {', '.join(map(json.dumps, values))}" if values else shown or "any"


def _default(name: str, schema: dict[str, JsonValue]) -> str:
    if "default" not in schema:
        return ""
    if is_secret_member(name) or schema.get("format") == "password":
        return MASK
    return hide_in_urls(json.dumps(schema["default"], ensure_ascii=False))


def _outputs(linked: LinkedWorkflow) -> Iterator[tuple[str, str]]:
    at = linked.workflow.at
    written = as_mapping(as_mapping(at.document.content.at(at.pointer)).get("outputs"))
    for name in linked.workflow.outputs or {}:
        value = written.get(name)
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield name, hide_in_urls(shown)


def _step(number: int, step: LinkedStep) -> StepRow:
    written, target = step.step, step.target
    method, path, summary = (
        (target.method, target.path, target.summary) if isinstance(target, Operation) else ("", "", "")
    )
    told = written.description or summary
    line = written.at.location().line
    return StepRow(number, written.step_id, called_by(step), hide_in_urls(told), line, method, path)


def _source(source: SourceDescription, linked: LinkedDescription) -> SourceRow:
    shown = hide_in_urls(source.url)
    link = shown if (scheme_of(source.url) or "").lower() in _SAFE_SCHEMES and not source.url.startswith("//") else ""
    lists = {each.servers for each in linked.operations() if each.source == source.name}
    # operations that have servers of their own are served by each of them
    servers = tuple(hide_in_urls(each.url) for each in lists.pop()) if len(lists) == 1 else ()
    return SourceRow(source.name, source.type or "", shown, link, servers)


def _texts(value: JsonValue) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each.strip())
