"""Inputs: completed with their defaults, and checked against the workflow's JSON Schema.

Decides whether a workflow may start with the inputs it is given. ``jsonschema-rs`` decides, fast and safe against
hostile patterns; ``jsonschema`` is imported only to explain a refusal. No message shows a value: it may be a secret.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from arazzo_engine.apis.schemas.impossible import why_nothing_fits
from arazzo_engine.diagnostics import ArazzoError, Diagnostic, Related, diagnose, did_you_mean, nearest
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.validation.inputs.complaints import TYPES, complaint
from arazzo_engine.validation.inputs.declaring import declared
from arazzo_engine.validation.inputs.judged_files import as_judged
from arazzo_engine.validation.inputs.plain_schemas import is_plain_schema
from arazzo_engine.validation.inputs.references import check_input_references, check_references
from arazzo_engine.validation.inputs.schema_work import is_too_much
from arazzo_engine.validation.inputs.schemas import declared_inputs, is_open, with_defaults
from arazzo_engine.validation.inputs.whole_schemas import InputsSchema, component_inputs, inputs_of
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    import jsonschema

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.linking.linked import LinkedWorkflow
    from arazzo_engine.diagnostics import Location
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.expressions.scope import Values
    from arazzo_engine.language.objects import ArazzoDescription


class GivenInputs(Struct, frozen=True):
    """Inputs as they were given; ``at`` is where they were read from, when they came from a file.

    ``texts`` are the names of those that were given one by one as text, ``made_up`` of those that nobody gave, and
    ``unread`` of texts such as `@cat.png` that name a file which is there and is not asked for. ``places`` are those of
    inputs that a project file gives, ``hidden`` the names of those whose values were kept elsewhere, and are secrets.
    ``row`` is the row of a batch that they are of: what is missing is missing there. ``own`` are those that a project
    file gives to one workflow alone, by its id.
    """

    values: Values
    at: Place | None = None
    texts: frozenset[str] = frozenset()
    made_up: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    places: Mapping[str, Location] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    row: Location | None = None
    own: Mapping[str, GivenInputs] = field(default_factory=dict)

    def of(self, workflow_id: str) -> GivenInputs:
        """Return the inputs of a workflow: what a project gives to it alone stands before what it gives to all."""
        own = self.own.get(workflow_id)
        if own is None:
            return self
        taken = own.only(own.values.keys() - (self.values.keys() - self.places.keys() - self.made_up))
        values, places = {**self.values, **taken.values}, {**self.places, **taken.places}
        hidden = (self.hidden - taken.values.keys()) | (own.hidden & taken.values.keys())
        return replace(self, values=values, places=places, hidden=hidden, own={})

    @property
    def secrets(self) -> tuple[JsonValue, ...]:
        """The values that were kept elsewhere."""
        own = (value for each in self.own.values() for value in each.secrets)
        return (*(self.values[name] for name in sorted(self.hidden)), *own)

    def only(self, names: Container[str]) -> GivenInputs:
        """Return the inputs of these names, and no other."""
        return replace(self, values={name: value for name, value in self.values.items() if name in names})

    def place(self, path: Sequence[str]) -> Place | None:
        """Return where an input, or a part of it, was read from, when that was a file of inputs."""
        is_from_file = self.at is not None and not (path and path[0] in self.texts | self.made_up | self.places.keys())
        return self.at.child(*path) if self.at is not None and is_from_file else None

    def location(self, path: Sequence[str]) -> Location | None:
        """Return where an input, or a part of it, is written, when that is a file, or else the row that lacks it."""
        if self.row is not None and path and path[0] not in self.values:
            return self.row
        place = self.place(path)
        return place.location() if place is not None else self.places.get(path[0]) if path else None


def complete_inputs(linked: LinkedWorkflow, values: Values) -> Values:
    """Return the inputs with their defaults; raises ``ArazzoError`` when they do not fit the workflow's schema."""
    return check_inputs(linked, GivenInputs(values))


def check_inputs(linked: LinkedWorkflow, given: GivenInputs) -> Values:
    """Return the inputs with their defaults.

    Raises ``ArazzoError`` (``input-missing``, ``input-invalid``, ``input-schema-invalid``) with one diagnostic for
    each input that does not fit (Arazzo 1.1.0, Workflow Object, inputs).
    """
    schema = inputs_of(linked)
    completed: dict[str, JsonValue] = with_defaults(linked, dict(given.values))
    if not _fits(schema, completed, linked.workflow.at.child("inputs")):
        raise ArazzoError(*_Explanation(linked, given, completed).diagnostics(schema.root.value))
    return completed


def takes_inputs(linked: LinkedWorkflow, values: Values) -> bool:
    """Whether inputs fit the workflow's schema, with their defaults; nothing does that is no schema."""
    try:
        return _fits(inputs_of(linked), with_defaults(linked, dict(values)), linked.workflow.at.child("inputs"))
    except ArazzoError:
        return False


@lru_cache(64)
def check_input_schema(linked: LinkedWorkflow) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the workflow's schema itself."""
    broken = tuple(check_input_references(linked))
    schema = inputs_of(linked)
    if broken or is_plain_schema(schema.root.value):
        return broken
    try:
        _fits(schema, with_defaults(linked, {}), linked.workflow.at.child("inputs"))
    except ArazzoError as error:
        return error.diagnostics
    return ()


def check_components(description: ArazzoDescription, resolver: Resolver) -> Iterator[Diagnostic]:
    """Yield what is wrong with the schemas among the components of a document, used or not."""
    for name, schema, nowhere in component_inputs(description, resolver):
        at = description.components.at.child("inputs", name)
        broken = (*nowhere, *check_references(schema.root, at, description))
        try:
            if not is_plain_schema(schema.root.value):
                _fits(schema, {}, at)
        except ArazzoError as error:
            broken = broken or error.diagnostics
        yield from broken


def unknown_inputs(linked: LinkedWorkflow, given: GivenInputs) -> tuple[Diagnostic, ...]:
    """Return a warning for each input that the workflow does not declare."""
    if is_open(linked):
        return ()
    declared = inputs_of(linked).names
    return tuple(
        diagnose(
            "input-unknown",
            f"workflow `{linked.workflow.workflow_id}` has no input `{name}`",
            None if (at := given.place((name,))) is None else at.key_location(),
            fix=did_you_mean(name, declared) or "remove it, or declare it in the workflow's `inputs`",
        )
        for name in given.values
        if name not in declared
    )


def unread_files(given: GivenInputs) -> Iterator[Diagnostic]:
    """Yield a warning for each text that names a file which nobody reads."""
    for name in sorted(given.unread):
        message = f"input `{name}` is sent as the text that it is, and that names a file which is there"
        fix = "say `format: binary` in the schema of the input, if the file is meant"
        yield diagnose("input-file-unread", message, given.location((name,)), fix=fix)


def _fits(schema: InputsSchema, instance: JsonValue, at: Place) -> bool:
    root = schema.root
    if root.value is True:
        return True
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a workflow without inputs does not pay

    if is_too_much(root, instance):
        message = "the workflow's `inputs` refer to each other so often that checking them would not end"
        fix = "refer to each schema once"
        raise ArazzoError(diagnose("input-schema-invalid", message, at.location(), fix=fix))
    try:
        return schema.validator.is_valid(as_judged(instance, root.value))
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise ArazzoError(_no_schema(error, root.value, at)) from error


def _no_schema(error: Exception, schema: JsonValue, at: Place) -> Diagnostic:
    path = list(getattr(error, "instance_path", ()))
    if path and path[0] not in {"$defs", "components", "workflows"}:
        at = at.child(*path)
    if (
        path
        and path[-1] == "type"
        and path[-2:-1] != ["properties"]
        and isinstance(name := resolve_pointer(schema, tuple(map(str, path))), str)
    ):
        message = f"the workflow's `inputs` are no JSON Schema: there is no type `{name}`"
        fix = did_you_mean(name, TYPES) or f"use one of {', '.join(f'`{each}`' for each in TYPES)}"
        return diagnose("input-schema-invalid", message, at.location(), fix=fix)
    if path and isinstance(text := resolve_pointer(schema, tuple(map(str, path))), str) and text.startswith(("$", "#")):
        message = f"the workflow's `inputs` are no JSON Schema: `{text}` stands where a schema should"
        fix = "write a schema, or refer to one with `$ref: '#/components/inputs/<name>'`"
        return diagnose("input-schema-invalid", message, at.location(), fix=fix)
    reason = str(error).split("\n", 1)[0]
    message = f"the workflow's `inputs` are no JSON Schema: {reason}"
    listed = as_list(as_mapping(schema).get("properties")) if path == ["properties"] else []
    first = next((each for each in listed if isinstance(each, str)), None)
    fix = _way_to_write(path) if first is None else f"write `properties` as a mapping: {declared(first, {})}"
    return diagnose("input-schema-invalid", message, at.location(), fix=fix)


def _way_to_write(path: list[str]) -> str:
    """Return how the keyword is written that is wrong; a member of ``properties`` is none."""
    if path[-2:-1] == ["properties"]:
        return f"write a schema of `{path[-1]}`, such as {declared(path[-1], {})}"
    return next((_WRITTEN[each] for each in reversed(path[-2:]) if each in _WRITTEN), "")


# how a schema writes what it is seldom written right
_WRITTEN: Final = {
    "required": "list the names of what is required beside `properties`, such as `required: [a]`",
    "enum": "list the values, such as `enum: [a, b]`",
    "properties": "write each property as a schema of its own, such as `a: {type: string}`",
    "items": "write one schema for all elements, such as `items: {type: string}`",
    "type": f"use one of {', '.join(f'`{each}`' for each in TYPES)}",
    "pattern": "write the regular expression as a text",
    **{each: f"write `{each}` as a number" for each in ("minimum", "maximum", "multipleOf")},
    **{each: f"write `{each}` as a whole number" for each in ("minLength", "maxLength", "minItems", "maxItems")},
}
_EXAMPLES: Final = {
    "object": '{"a": 1}', "array": "[1, 2]", "boolean": "true", "integer": "42", "number": "1.5", "null": "null",
}  # fmt: skip


class _Explanation(Struct, frozen=True, dict=True):
    """Says in the words of the workflow why inputs do not fit its schema."""

    linked: LinkedWorkflow
    given: GivenInputs
    completed: JsonValue

    @cached_property
    def _unknown(self) -> Vocabulary:
        declared = declared_inputs(self.linked)
        return Vocabulary(tuple(each for each in self.given.values if each not in declared))

    def diagnostics(self, schema: JsonValue) -> tuple[Diagnostic, ...]:
        errors = _without_repeats(_explaining_validator(schema).iter_errors(as_judged(self.completed, schema)))
        found = [diagnostic for error in errors for diagnostic in self._explain(error)]
        if not found:
            # the two validators differ on a format: the one that decides is right
            found = [self._invalid((), "the inputs do not fit the workflow's schema", "")]
        return tuple(found)

    def _explain(self, error: Any) -> Iterator[Diagnostic]:  # noqa: ANN401 - jsonschema's errors hold JSON values
        path = tuple(str(token) for token in error.absolute_path)
        if error.validator == "required":
            yield from (self._missing((*path, name)) for name in error.validator_value if name not in error.instance)
        elif error.validator in {"additionalProperties", "unevaluatedProperties"} and not error.validator_value:
            declared = Vocabulary(tuple(error.schema.get("properties", {})))
            for name in error.instance:
                if name not in declared:
                    fix = did_you_mean(name, declared)
                    yield self._invalid((*path, name), f"input `{'.'.join((*path, name))}` is not allowed", fix)
        elif error.validator is None:
            message = "the schema of one of the inputs is `false`, which no value fits"
            yield self._invalid(path, message, "correct the schema, or leave the input out")
        else:
            yield self._invalid(path, f"{self._subject(path)} {complaint(error)}", self._fix(path, error))

    def _subject(self, path: tuple[str, ...]) -> str:
        if not path:
            return "the inputs"
        named = f"input `{'.'.join(path)}`"
        return f"the value made up for {named}" if path[0] in self.given.made_up else named

    def _fix(self, path: tuple[str, ...], error: Any) -> str:  # noqa: ANN401 - the same
        if isinstance(error.schema, dict) and why_nothing_fits(error.schema)[1]:
            return "correct the schema, which no value fits, or leave the input out"
        if path and path[0] in self.given.made_up:
            return f"give one that fits with `-i {path[0]}=…`, or in the file of `--inputs`"
        is_no_json = len(path) == 1 and path[0] in self.given.texts and isinstance(error.instance, str)
        if error.validator != "type":
            return ""
        wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        examples = [_EXAMPLES[each] for each in wanted if each in _EXAMPLES]
        if not examples:
            return ""
        if is_no_json:
            return f"write it as JSON, such as {' or '.join(f'`-i {path[0]}={each}`' for each in examples)}"
        return f"give a value such as {' or '.join(f'`{each}`' for each in examples)}"

    def _missing(self, path: tuple[str, ...]) -> Diagnostic:
        name = ".".join(path)
        message = f"input `{name}` is missing, and workflow `{self.linked.workflow.workflow_id}` requires it"
        misspelt = nearest(name, self._unknown)
        fix = f"rename input `{misspelt}` to `{name}`" if misspelt else self._giving(path)
        return self._diagnose("input-missing", message, path, fix)

    def _giving(self, path: tuple[str, ...]) -> str:
        """Return how an input that is missing is given."""
        if self.given.row is not None:
            return f"give it in the row, or to all rows with `-i {path[0]}=…`"
        name = ".".join(path)
        given = f"give it with `-i {name}=…`" if len(path) == 1 else f"add it to the JSON of `-i {path[0]}=…`"
        return f"{given}, or in the file of `--inputs`"

    def _invalid(self, path: tuple[str, ...], message: str, fix: str) -> Diagnostic:
        return self._diagnose("input-invalid", message, path, fix)

    def _diagnose(self, code: str, message: str, path: tuple[str, ...], fix: str) -> Diagnostic:
        declared = self._declared_at(path)
        written = self.given.location(path)
        if written is None:
            return diagnose(code, message, declared, fix=fix)
        return diagnose(code, message, written, fix=fix, related=(Related("declared here", declared),))

    def _declared_at(self, path: tuple[str, ...]) -> Location:
        at = self.linked.workflow.at.child("inputs")
        schema = self.linked.workflow.inputs
        for name in path:
            properties = schema.get("properties") if isinstance(schema, dict) else None
            if not isinstance(properties, dict) or name not in properties:
                break
            schema, at = properties[name], at.child("properties", name)
        return at.key_location()


def _without_repeats(errors: Iterable[Any]) -> list[Any]:
    """Return jsonschema's errors in the order of the inputs: one tells all the names that an object lacks."""
    lacking: set[tuple[int, int]] = set()
    kept = []
    for error in errors:
        both = id(error.validator_value), id(error.instance)
        if error.validator != "required" or both not in lacking:
            kept.append(error)
        lacking.add(both)
    return sorted(kept, key=lambda error: [(isinstance(each, str), each) for each in error.path])


def _explaining_validator(schema: JsonValue) -> Any:  # noqa: ANN401 - jsonschema makes the class while it runs
    import jsonschema  # noqa: PLC0415 - 130 ms, paid only when inputs are refused

    safe = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # the stubs do not know it
        jsonschema.Draft202012Validator, {"pattern": _match_safely}
    )
    return safe(schema, format_checker=jsonschema.FormatChecker())


def _match_safely(
    _validator: object, pattern: str, instance: JsonValue, _schema: object
) -> Iterator[jsonschema.ValidationError]:
    import jsonschema  # noqa: PLC0415 - the same
    import jsonschema_rs  # noqa: PLC0415 - the same

    # Python's `re` can be made to hang by a hostile pattern
    if not jsonschema_rs.is_valid({"pattern": pattern}, instance):
        yield jsonschema.ValidationError("does not match")
