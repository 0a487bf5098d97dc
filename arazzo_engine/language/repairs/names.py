"""The names that a document gives to inputs, steps, outputs and sources, taken from its bare JSON value.

A repair asks here whether what it would write names something that exists. Nothing is assumed of the value's types:
repairs come before the reader, which tells what is wrong with them.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.language.conditions.library_values import as_value
from arazzo_engine.language.expressions.grammar import ExpressionError, Root, RuntimeExpression, read_expression
from arazzo_engine.language.expressions.lookups import split_source
from arazzo_engine.language.expressions.mistakes import message_of_step
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import same_letters
from arazzo_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arazzo_engine.documents.values import JsonValue

_REFERENCE: Final = "#/components/inputs/"
OUTPUT_OF_SOURCE: Final = lazy_pattern(r"\$sourceDescriptions\.[^\s{}#]+\.outputs\.[\w\-]")
_OUTPUT_OF_STEP: Final = lazy_pattern(
    r"\$(?P<kind>steps|workflows)\.(?P<id>[\w\-]+)\.outputs\.[\w\-]+(?:#(?:/[\w\-~]+)+)?"
)
# an output of a workflow that is named with its document, in whichever of the ways that are thought of
_OF_CALLED: Final = lazy_pattern(
    r"\$(?:(?:workflows\.\$?)?sourceDescriptions|workflows)\.(?P<called>[^#{}]+?)\.outputs\.(?P<output>[\w\-]+(?:#/.*)?)",
    re.DOTALL,
)
# keywords that speak of inputs which have no name in the schema, or that cannot be followed here
_OPEN: Final = ("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames", "anyOf", "oneOf")
_TEXT: Final = ("string",)
_NUMBERS: Final = ("integer", "number", "boolean")
# the fields whose entries are actions
ACTIONS: Final = ("onSuccess", "onFailure", "successActions", "failureActions")
OWN_ACTIONS: Final = ("onSuccess", "onFailure")
_OPEN_REFERENCES: Final = ("$dynamicRef", "if", "dependentSchemas")


class _Several(Struct, frozen=True):
    """The names of several sets, which are large and shared by many."""

    sets: tuple[frozenset[str], ...]

    def __contains__(self, name: object) -> bool:
        return any(name in each for each in self.sets)


_Outputs: TypeAlias = frozenset[str] | _Several | None


class OwnStep(Struct, frozen=True):
    """A step that calls an operation, where its answer is looked at: its id, and its outputs as they are written.

    ``taken`` has those of them that an earlier visit cannot have given. Where it ``has_failed`` it gives none.
    """

    step_id: str
    outputs: Mapping[str, JsonValue]
    taken: Mapping[str, JsonValue] = {}
    has_failed: bool = False


class Names(Struct, frozen=True):
    """What expressions at one place can name; a set that is ``None`` may hold anything.

    ``texts`` are the inputs that are always texts, ``numbers`` those that are numbers or booleans, and ``workflow`` and
    ``step`` are the ids of the place's own. ``aliases`` has the
    outputs of workflows that are the output of one of their steps, by the workflow and that step's expression. ``apis``
    are the sources that have operations and no workflows; the ids of steps and workflows are there to look for one in
    another case. ``components`` has the values of reusable parameters, by what is written to name them. ``callers`` has
    the id of the one step that runs an operation or a workflow, by that one's id, where no step has it itself, and
    ``given`` the name of the output that a step has of something in its messages. ``own`` is there where the answer of
    a step is looked at, before its outputs are taken, and ``ended`` where one of its actions is chosen. ``called`` has
    what names the outputs of a source's operation or workflow that one step alone runs, or that has run before.
    """

    inputs: frozenset[str] | None = frozenset()
    steps: Mapping[str, _Outputs] = {}
    workflows: Mapping[str, frozenset[str] | None] = {}
    outputs: frozenset[str] | None = frozenset()
    sources: Vocabulary = Vocabulary(())
    only_openapi: str | None = None
    texts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    workflow: str | None = None
    step: str | None = None
    aliases: Mapping[tuple[str, str], str] = {}
    apis: frozenset[str] = frozenset()
    step_ids: Vocabulary = Vocabulary(())
    workflow_ids: Vocabulary = Vocabulary(())
    components: Mapping[str, JsonValue] = {}
    callers: Mapping[str, str] = {}
    given: Mapping[tuple[str, str], str] = {}
    own: OwnStep | None = None
    ended: OwnStep | None = None
    called: Mapping[tuple[str, str], str] = {}

    @property
    def has_outputs(self) -> bool:
        """Whether `$outputs` may have a value here: those of a workflow that the step calls."""
        return self.outputs is None or bool(self.outputs)

    def all_of(self, text: str) -> tuple[str, ...] | None:
        """Return the names of all inputs or outputs that a text names together, ``None`` when some may be unknown."""
        try:
            known = self._known_beside(read_expression(f"{text}.x"))
        except ExpressionError:
            return None
        sets = known.sets if isinstance(known, _Several) else () if known is None else (known,)
        return tuple(sorted({name for each in sets for name in each})) or None

    def has_none(self, text: str) -> bool:
        """Whether a text names all outputs of what is sure to have none."""
        try:
            known = self._known_beside(read_expression(f"{text}.x"))
        except ExpressionError:
            return False
        return known is not None and not any(known.sets if isinstance(known, _Several) else (known,))

    def know(self, expression: RuntimeExpression) -> bool:
        """Whether an expression is sure to name something, as far as names go."""
        match expression.root, expression.names:
            case (
                (Root.REQUEST | Root.RESPONSE | Root.MESSAGE | Root.URL | Root.METHOD | Root.STATUS_CODE | Root.SELF),
                _,
            ):
                return True
            case Root.OUTPUTS, (name, *_) if not self.has_outputs:
                # that it has no value is what has to be told, and not how a part of it is named
                return self.ended is None or name not in self.ended.outputs
            case Root.SOURCE_DESCRIPTIONS, names:
                text = ".".join(names)
                is_of_called = self.output_called(f"$sourceDescriptions.{text}") is not None
                return split_source(text, self.sources) is not None and not is_of_called
            case Root.STEPS, (step, *_) if step not in self.steps:
                # that the step is missing is what has to be told, and not how its outputs are named
                is_told = expression.names[1:2] == ("outputs",) and self.workflow is not None
                return is_told and self.step_ids.in_its_case(step) is None and step not in self.callers
            case _, names:
                known = self._known_beside(expression)
                return known is not None and names[-1] in known

    def _known_beside(self, expression: RuntimeExpression) -> _Outputs:
        """Return the names that the last name of an expression is one of."""
        match expression.root, expression.names:
            case Root.INPUTS, _:
                return self.inputs
            case Root.OUTPUTS, _:
                return self.outputs
            case Root.STEPS, (step, *_):
                return self.steps.get(step)
            case Root.WORKFLOWS, (workflow, "outputs", _):
                return self.workflows.get(workflow)
            case _:
                return None

    def owner_of(self, output: str) -> str | None:
        """Return the one step that has an output of a name, if it is before this one; ``None`` when several may."""
        owners = [step for step, outputs in self.steps.items() if outputs is None or output in outputs]
        is_known = len(owners) == 1 and self.steps[owners[0]] is not None
        steps = list(self.steps)
        is_earlier = is_known and (self.step not in steps or steps.index(owners[0]) < steps.index(self.step))
        return owners[0] if is_earlier else None

    def source(self, name: str) -> str | None:
        """Return the source that a name means: the one of that name, or the only one of these letters."""
        if name in self.sources:
            return name
        of_case = self.sources.in_its_case(name)
        found = [each for each in self.sources if same_letters(each, name)]
        return of_case or (found[0] if len(found) == 1 else None)

    def know_text(self, text: str) -> bool:
        """Whether a text is an expression that is sure to name something."""
        try:
            return self.know(read_expression(text))
        except ExpressionError:
            return False

    def may_name_output(self, text: str) -> bool:
        """Whether a text is an output of what has others than are known: it calls, or is, of another document."""
        found = _OUTPUT_OF_STEP.fullmatch(text)
        if found is None:
            return False
        if found["kind"] == "workflows":
            return f"$workflows.{found['id']}" in self.called.values()
        return found["id"] in self.steps and self.steps[found["id"]] is None

    def output_called(self, text: str) -> str | None:
        """Return how an output of another document's workflow is named here, for a text that names that document."""
        found = _OF_CALLED.fullmatch(text)
        named = None if found is None else _qualified(found["called"], self.sources)
        owner = None if named is None else self.called.get(named)
        return None if found is None or owner is None else f"{owner}.outputs.{found['output']}"


def members(value: JsonValue, name: str) -> dict[str, JsonValue]:
    """Return a member that is an object, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def entries(value: JsonValue, name: str) -> list[JsonValue]:
    """Return a member that is a list, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def document_names(document: JsonValue) -> Names:
    """Return the names that every place of a document can use, and those of inputs and steps that any workflow has."""
    workflows = entries(document, "workflows")
    sources = [each for each in entries(document, "sourceDescriptions") if isinstance(each, dict)]
    names = tuple(each["name"] for each in sources if isinstance(each.get("name"), str))
    apis = [each for each in sources if each.get("type", "openapi") == "openapi"]
    only = apis[0].get("name") if len(apis) == 1 else None
    by_id = {
        each["workflowId"]: frozenset(members(each, "outputs"))
        for each in reversed(workflows)
        if isinstance(each, dict) and isinstance(each.get("workflowId"), str)
    }
    steps: dict[str, list[_Outputs]] = {}
    for workflow in workflows:
        for name, outputs in _steps(workflow, by_id).items():
            steps.setdefault(name, []).append(outputs)
    return Names(
        inputs=_together(declared_inputs(workflow, document) for workflow in workflows),
        steps={name: _of_several(each) for name, each in steps.items()},
        workflows=by_id,
        outputs=None,
        sources=Vocabulary(names),
        only_openapi=only if isinstance(only, str) else None,
        aliases=dict(_aliases(workflows)),
        apis=frozenset(names) - _of_workflows(sources),
        step_ids=Vocabulary(tuple(steps)),
        workflow_ids=Vocabulary(tuple(by_id)),
        components=dict(_component_values(document)),
    )


def _component_values(document: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    parameters = members(members(document, "components"), "parameters")
    for name, field in itertools.product(parameters, ("name", "value")):
        value = parameters[name].get(field) if isinstance(parameters[name], dict) else None
        # one that names a component is not known before that one is
        if f"{name}.{field}" not in parameters and "$components" not in str(value):
            yield f"$components.parameters.{name}.{field}", value


def _of_workflows(sources: Sequence[dict[str, JsonValue]]) -> set[str]:
    """Return the names of the sources that may have workflows: a source need not say what it is, nor say it rightly."""
    named = [each["name"] for each in sources if _may_have_workflows(each) and "name" in each]
    return {name for name in named if isinstance(name, str)}


def _may_have_workflows(source: dict[str, JsonValue]) -> bool:
    return source.get("type") not in ("openapi", "asyncapi") or "arazzo" in str(source.get("url")).casefold()


def _aliases(workflows: Sequence[JsonValue]) -> Iterator[tuple[tuple[str, str], str]]:
    for workflow in workflows:
        named = workflow.get("workflowId") if isinstance(workflow, dict) else None
        for name, value in members(workflow, "outputs").items():
            if isinstance(named, str) and isinstance(value, str):
                yield (named, value), f"$workflows.{named}.outputs.{name}"


def workflow_names(workflow: JsonValue, document: JsonValue, around: Names) -> Names:
    """Return the names that the places of one workflow can use."""
    inputs, steps = declared_inputs(workflow, document), _steps(workflow, around.workflows)
    texts = _of_types(workflow, document, _TEXT) if inputs else frozenset()
    numbers = _of_types(workflow, document, _NUMBERS) if inputs else frozenset()
    named = workflow.get("workflowId") if isinstance(workflow, dict) else None
    own = named if isinstance(named, str) else None
    ids = Vocabulary(tuple(steps))
    callers = _callers(workflow, ids, around.sources)
    return replace(
        around,
        inputs=inputs,
        steps=steps,
        outputs=frozenset(),
        texts=texts,
        numbers=numbers,
        workflow=own,
        step_ids=ids,
        callers=callers,
        given=dict(_given(workflow)),
        called=_called(workflow, around),
    )


def _given(workflow: JsonValue) -> Iterator[tuple[tuple[str, str], str]]:
    for step in entries(workflow, "steps"):
        named = step.get("stepId") if isinstance(step, dict) else None
        for name, value in reversed(members(step, "outputs").items()):
            # as it is named of a step, whichever way a part of a body is written
            text = (as_value(value) or value) if isinstance(value, str) else ""
            found = message_of_step(f"$steps.{named}.{text[1:]}") if text.startswith("$") else None
            if found is not None:
                yield found, name


def _callers(workflow: JsonValue, ids: Vocabulary, sources: Vocabulary) -> dict[str, str]:
    """Return the only step that runs an operation or a workflow, by the id of that one, which no step has."""
    running: dict[str, list[str]] = {}
    for step in entries(workflow, "steps"):
        if isinstance(step, dict) and isinstance(step.get("stepId"), str):
            for text in (step.get(name) for name in ("operationId", "workflowId")):
                if isinstance(text, str):
                    running.setdefault(_id_alone(text, sources), []).append(step["stepId"])
    return {
        each: steps[0]
        for each, steps in running.items()
        if len(steps) == 1 and each not in ids and ids.in_its_case(each) is None
    }


def _called(workflow: JsonValue, around: Names) -> dict[tuple[str, str], str]:
    """Return what has the outputs of each operation or workflow of a source: the only step that runs it.

    Where no step does, it is the workflow that this one depends on.
    """
    running: dict[tuple[str, str], list[str]] = {}
    for step in entries(workflow, "steps"):
        if isinstance(step, dict) and isinstance(step.get("stepId"), str):
            for key in _keys_of(step, around):
                running.setdefault(key, []).append(f"$steps.{step['stepId']}")
    before = [_qualified(each, around.sources) for each in entries(workflow, "dependsOn") if isinstance(each, str)]
    ids = [key[1] for key in (*running, *filter(None, before))]
    for key in filter(None, before):
        if key[1] not in around.workflows and ids.count(key[1]) == 1:
            running[key] = [f"$workflows.{key[1]}"]
        elif key in running:
            running[key].append(key[1])
    return {key: found[0] for key, found in running.items() if len(found) == 1}


def _keys_of(step: dict[str, JsonValue], around: Names) -> Iterator[tuple[str, str]]:
    for field in ("operationId", "workflowId"):
        text = step.get(field)
        named = _qualified(text, around.sources) if isinstance(text, str) else None
        if named is not None:
            yield named
        elif isinstance(text, str) and field == "operationId" and around.only_openapi is not None:
            yield around.only_openapi, text


def _qualified(text: str, sources: Vocabulary) -> tuple[str, str] | None:
    """Return the source that a reference names, and the id behind it.

    >>> _qualified("$sourceDescriptions.shop.workflows.order", Vocabulary(("shop",)))
    ('shop', 'order')
    """
    named = split_source(text.removeprefix("$").removeprefix("sourceDescriptions."), sources)
    return None if named is None else (named[0], named[1].removeprefix("workflows."))


def _id_alone(text: str, sources: Vocabulary) -> str:
    named = split_source(text.removeprefix("$sourceDescriptions."), sources)
    return named[1] if named and text.startswith("$sourceDescriptions.") else text


def step_names(step: JsonValue, around: Names) -> Names:
    """Return the names that the places of one step can use: its own `$outputs` are those of the workflow it calls."""
    called = step.get("workflowId") if isinstance(step, dict) else None
    outputs = around.workflows.get(called) if isinstance(called, str) else frozenset()
    own = step.get("stepId") if isinstance(step, dict) else None
    return replace(around, outputs=outputs, step=own if isinstance(own, str) else None)


def answered_names(step: dict[str, JsonValue], around: Names, *, is_led_back: bool) -> Names:
    """Return the names that the criteria and outputs of a step can use: those of the answer that it gets."""
    if "workflowId" in step or not isinstance(step.get("stepId"), str):
        return around
    outputs = members(step, "outputs")
    # an earlier visit of the step has given its outputs, where there can be one
    return replace(around, own=OwnStep(step["stepId"], outputs, {} if is_led_back else outputs))


def ended_names(owner: JsonValue, field: str, around: Names) -> Names:
    """Return the names that a field of a step or a workflow can use: its actions are chosen when the step has ended."""
    ended = ended_step(owner, field)
    return around if ended is None else replace(around, ended=ended)


def ended_step(owner: JsonValue, field: str) -> OwnStep | None:
    """Return the step that has ended where an action of one of its fields is chosen, if it calls an operation."""
    if field not in OWN_ACTIONS or not isinstance(owner, dict) or "workflowId" in owner:
        return None
    named = owner.get("stepId")
    has_failed = field == "onFailure"
    return OwnStep(named, members(owner, "outputs"), has_failed=has_failed) if isinstance(named, str) else None


def declared_inputs(workflow: JsonValue, document: JsonValue) -> frozenset[str] | None:
    """Return the inputs that a workflow's schema names, ``None`` when it allows others too."""
    if not isinstance(workflow, dict) or "inputs" not in workflow:
        return frozenset()
    found: set[str] = set()
    for part in parts_of(workflow["inputs"], document):
        if (
            not isinstance(part, dict)
            or any(part.get(keyword) for keyword in _OPEN)
            or any(each in part for each in _OPEN_REFERENCES)
        ):
            return None
        found.update(members(part, "properties"))
    return frozenset(found)


def _of_types(workflow: JsonValue, document: JsonValue, types: tuple[str, ...]) -> frozenset[str]:
    """Return the inputs that are always of one of some types."""
    parts = [part for part in parts_of(members(workflow, "inputs"), document) if isinstance(part, dict)]
    described = [(name, each) for part in parts for name, each in members(part, "properties").items()]
    return frozenset(name for name, each in described if isinstance(each, dict) and each.get("type") in types)


def parts_of(schema: JsonValue, document: JsonValue) -> Iterator[JsonValue]:
    """Yield the schemas that apply together, once each, and what is none or cannot be followed here."""
    components = members(members(document, "components"), "inputs")
    seen: set[int] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting.extend(entries(part, "allOf"))
        reference = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(reference, str):
            waiting.append(components.get(reference.removeprefix(_REFERENCE)))


def _steps(workflow: JsonValue, workflows: Mapping[str, frozenset[str] | None]) -> dict[str, _Outputs]:
    return {
        step["stepId"]: _outputs(step, workflows)
        for step in entries(workflow, "steps")
        if isinstance(step, dict) and isinstance(step.get("stepId"), str)
    }


def _outputs(step: dict[str, JsonValue], workflows: Mapping[str, frozenset[str] | None]) -> _Outputs:
    """Return the outputs of a step: its own, and those of the workflow it calls."""
    own = frozenset(members(step, "outputs"))
    if "workflowId" not in step:
        return own
    called = workflows.get(step["workflowId"]) if isinstance(step["workflowId"], str) else None
    return called if called is None or not own else _Several((own, called))


def _of_several(found: Sequence[_Outputs]) -> _Outputs:
    """Return the outputs that any of several steps has."""
    sets: dict[int, frozenset[str]] = {}
    for outputs in found:
        if outputs is None:
            return None
        sets.update((id(each), each) for each in (outputs.sets if isinstance(outputs, _Several) else (outputs,)))
    return _Several(tuple(sets.values())) if len(sets) > 1 else next(iter(sets.values()), frozenset())


def _together(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """Return all names of some sets, ``None`` when one of them may hold anything."""
    found: set[str] = set()
    for each in sets:
        if each is None:
            return None
        found |= each
    return frozenset(found)
