"""The JSON Schema of a workflow's inputs, made whole: with the components and other workflows that it refers to.

Decides which of them belong to one schema (those that it leads to, and no others), and which inputs it names. Whether
inputs fit is decided by ``given``. Equal schemas of a document are read once.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from msgspec import Struct, field

from arazzo_engine.apis.linking.inputs.outer_schemas import OUTER, with_outer_schemas
from arazzo_engine.apis.linking.reach import walk
from arazzo_engine.documents.pointers import parse_pointer
from arazzo_engine.documents.values import JsonValue, as_list, as_mapping
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.validation.inputs.number_formats import with_number_formats
from arazzo_engine.validation.inputs.subschemas import (
    REFERENCES,
    Root,
    all_that_apply,
    anchors_of,
    every_schema,
    together,
)
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.objects import ArazzoDescription

_INDEX: Final = lazy_pattern(r"0|[1-9][0-9]{0,8}")
# what a schema may refer to beside itself: a component by its name, or the inputs of a workflow by its index
_Part: TypeAlias = tuple[str, str]
_COMPONENT: Final = "components"
_SHARED: Final = "components.inputs."
_WORKFLOW: Final = "workflows"


class InputsSchema(Struct, frozen=True, dict=True, eq=False):
    """The schema of a workflow's inputs in a document of its own, and what it says of their names."""

    root: Root

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """What decides whether inputs fit; raises the errors of its library when the schema is none."""
        import jsonschema_rs  # noqa: PLC0415 - 30 ms that a workflow without inputs does not pay

        return jsonschema_rs.Draft202012Validator(self.root.value, validate_formats=True, retriever=_refuse)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The names of the inputs that it has properties for, in any of its alternatives."""
        parts = all_that_apply([self.root.value], self.root)
        return frozenset(name for part in parts for name in as_mapping(part.get("properties")))

    @cached_property
    def is_broken(self) -> bool:
        """Whether a reference leads nowhere, or what names inputs is no schema: nobody knows what it declares."""
        schemas = [each for _, each in every_schema(self.root.value)]
        references = [each[name] for each in schemas for name in REFERENCES if name in each]
        is_reusable = str(as_mapping(self.root.value).get("reference")).startswith("$")
        is_list = any(isinstance(each.get("properties"), list) for each in schemas)
        return is_reusable or is_list or any(self.root.target(each) is None for each in references)

    @cached_property
    def names(self) -> Vocabulary:
        """The same, to look for what was meant."""
        return Vocabulary(tuple(sorted(self.declared)))

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the inputs that must be given: those required that have no default."""
        required = [part["required"] for part in self.parts if isinstance(part.get("required"), list)]
        names = {name for names in required for name in names if isinstance(name, str)}
        return frozenset(name for name in names if "default" not in as_mapping(self.properties.get(name)))

    @cached_property
    def properties(self) -> dict[str, JsonValue]:
        """The schema of each declared input, references followed."""
        found: dict[str, JsonValue] = {}
        for part in self.parts:
            for name, schema in as_mapping(part.get("properties")).items():
                found.setdefault(name, _follow(schema, self.root))
        return found

    @cached_property
    def is_open(self) -> bool:
        """Whether it speaks of inputs that it does not name, so that an unknown one is no mistake."""
        return any(
            part.get(keyword) is True or isinstance(part.get(keyword), dict)
            for part in self.parts
            for keyword in ("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames")
        )

    @cached_property
    def is_closed(self) -> bool:
        """Whether it allows no inputs but those that it names."""
        keywords = ("additionalProperties", "unevaluatedProperties")
        return any(part.get(keyword) is False for part in self.parts for keyword in keywords)

    @cached_property
    def parts(self) -> tuple[dict[str, JsonValue], ...]:
        """The schemas that hold together for the inputs."""
        return tuple(together(self.root.value, self.root))


def inputs_of(linked: LinkedWorkflow) -> InputsSchema:
    """Return the schema of a workflow's inputs."""
    found = _OF_WORKFLOWS.get(linked)
    if found is None:
        found = _OF_WORKFLOWS[linked] = _all_of(linked.description).whole(linked.inputs)
    return found


def _refuse(uri: str) -> None:
    raise ValueError(f"`{uri}` is outside the document")


def component_inputs(
    description: ArazzoDescription, resolver: Resolver
) -> Iterator[tuple[str, InputsSchema, tuple[Diagnostic, ...]]]:
    """Yield each schema among the components of a document, made whole, with its name and what leads nowhere in it."""
    schemas = _all_of(description)
    for name, each in description.components.inputs.items():
        found = with_outer_schemas(each, description.components.at.child("inputs", name), description, resolver)
        yield name, schemas.whole(found.schema), found.problems


def is_shared(path: tuple[str | int, ...]) -> bool:
    """Whether a part of a whole schema is there because the schema refers to it."""
    return len(path) > 1 and path[0] == "$defs" and str(path[1]).startswith((_SHARED, OUTER))


class _Schemas(Struct, dict=True, eq=False):
    """The schemas of inputs that a document has, each made whole when somebody asks for it."""

    components: dict[str, JsonValue]
    workflows: list[JsonValue]
    _whole: dict[str, InputsSchema] = field(default_factory=dict)
    _bounded: dict[_Part, JsonValue] = field(default_factory=dict)

    def whole(self, inputs: JsonValue) -> InputsSchema:
        """Return the schema in a document of its own, where references lead somewhere.

        The components stand at the place that ``#/components/inputs/x`` names, and in ``$defs`` for the sake of their
        ``$anchor`` s, which are found only there.
        """
        written = json.dumps(inputs)
        if written not in self._whole:
            self._whole[written] = InputsSchema(Root(self._made_whole(inputs)))
        return self._whole[written]

    def _made_whole(self, inputs: JsonValue) -> JsonValue:
        inputs = True if inputs is None else with_number_formats(inputs)
        parts = list(walk(self._parts_in(inputs), lambda part: self._parts_in(self._at(part))))
        components = {name: self._at((kind, name)) for kind, name in parts if kind == _COMPONENT}
        workflows = {index: {"inputs": self._at((kind, index))} for kind, index in parts if kind == _WORKFLOW}
        if not parts:
            return inputs
        schema = inputs if isinstance(inputs, dict) else {}
        shared = {f"{_SHARED}{name}": component for name, component in components.items()}
        around = {"$defs": {**shared, **as_mapping(schema.get("$defs"))}, "components": {"inputs": components}}
        # a pointer finds an index in an object too
        return {**schema, **around, "workflows": workflows}

    def _at(self, part: _Part) -> JsonValue:
        kind, name = part
        if part not in self._bounded:
            written = self.components[name] if kind == _COMPONENT else self.workflows[int(name)]
            self._bounded[part] = with_number_formats(written)
        return self._bounded[part]

    def _parts_in(self, schema: JsonValue) -> list[_Part]:
        references = (each.get(name) for _, each in every_schema(schema) for name in REFERENCES)
        return [part for each in references if isinstance(each, str) for part in self._parts_named(each)]

    def _parts_named(self, reference: str) -> Iterator[_Part]:
        if not reference.startswith("#/"):
            yield from ((_COMPONENT, name) for name in self._by_anchor.get(reference.removeprefix("#"), ()))
            return
        try:
            tokens = parse_pointer(unquote(reference[1:]))
        except ValueError:
            return
        match tokens:
            case ("components", "inputs", name, *_) if name in self.components:
                yield _COMPONENT, name
            case ("workflows", index, "inputs", *_) if _INDEX.fullmatch(index) and int(index) < len(self.workflows):
                yield _WORKFLOW, index
            case _:
                pass

    @cached_property
    def _by_anchor(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, component in self.components.items():
            for _, schema in every_schema(component):
                for anchor in anchors_of(schema):
                    found.setdefault(anchor, []).append(name)
        return found


_OF_WORKFLOWS: Final[WeakKeyDictionary[LinkedWorkflow, InputsSchema]] = WeakKeyDictionary()
_OF_DOCUMENTS: Final[WeakKeyDictionary[ArazzoDescription, _Schemas]] = WeakKeyDictionary()


def _all_of(description: ArazzoDescription) -> _Schemas:
    found = _OF_DOCUMENTS.get(description)
    if found is None:
        written = as_list(as_mapping(description.at.document.value).get("workflows"))
        workflows = [as_mapping(each).get("inputs") for each in written]
        found = _OF_DOCUMENTS[description] = _Schemas(dict(description.components.inputs), workflows)
    return found


def _follow(schema: JsonValue, root: Root) -> JsonValue:
    merged: dict[str, JsonValue] = {}
    for part in together(schema, root):
        for name, value in part.items():
            merged.setdefault(name, value)
    return merged if isinstance(schema, dict) else schema
