"""A document that calls operations one after the other, each with what an answer before gives it, else with an input.

Decides the steps, the inputs, the criteria by the documented statuses, and the outputs. Everything that a request must
have is in it, nothing that it may have; no server and no credential is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.drafting.fields import Gift, success_of
from arazzo_engine.drafting.matching import namesake_of, source_of
from arazzo_engine.drafting.names import camel, fit, is_id, kebab, unused
from arazzo_engine.drafting.polls import asking_until_done
from arazzo_engine.words import deed_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arazzo_engine.drafting.fields import Link, Need
    from arazzo_engine.drafting.stories import Known

VERSION: Final = "1.0.1"
_VERBS: Final = {"GET": "read", "POST": "create", "PUT": "replace", "PATCH": "change", "DELETE": "delete"}
SUCCESS: Final = "$statusCode >= 200 && $statusCode < 300"
_DIGITS: Final = 3
_MOST_NAMED: Final = 2


class Source(Struct, frozen=True):
    """A description: its name in the document, its title, where it is, and the ids that several operations have."""

    name: str
    title: str
    url: str
    repeated: frozenset[str] = frozenset()


class Draft(Struct):
    """A document that is being made; ``given`` are the steps before with what they give."""

    sources: tuple[Source, ...]
    steps: list[dict[str, Any]] = field(default_factory=list)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: list[tuple[str, tuple[Gift, ...]]] = field(default_factory=list)
    linked: list[tuple[str, tuple[Link, ...]]] = field(default_factory=list)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def values_of(self, needs: Sequence[Need], step_id: str, operation_id: str | None) -> list[str]:
        """Return the expressions that needs of a step are met by: outputs of steps before, or inputs."""
        met = [self._linked_to(need, operation_id) or source_of(need, self.given) for need in needs]
        about = {found[0] for found in met if found is not None}
        # of an order whose id is sent, the amount that is sent is the amount
        giving = [(step, gifts) for step, gifts in self.given if step in about]
        for at, need in enumerate(needs):
            named = ((step, namesake_of(need, gifts)) for step, gifts in reversed(giving))
            met[at] = met[at] or next(((step, gift) for step, gift in named if gift is not None), None)
        return [self._value(need, found, step_id) for need, found in zip(needs, met, strict=True)]

    def _linked_to(self, need: Need, operation_id: str | None) -> tuple[str, Gift] | None:
        """Return what a description itself says a parameter comes from."""
        for step_id, links in reversed(self.linked):
            for link in links:
                if need.location and (link.operation_id, link.parameter) == (operation_id, need.name):
                    return step_id, Gift(link.pointer[-1] if link.pointer else need.name, need.thing, "", link.pointer)
        return None

    def _value(self, need: Need, found: tuple[str, Gift] | None, step_id: str) -> str:
        if found is None:
            return f"$inputs.{self.input_of(need, step_id)}"
        from_step, gift = found
        return f"$steps.{from_step}.outputs.{self.output_of(from_step, gift)}"

    def output_of(self, step_id: str, gift: Gift) -> str:
        """Return the name of the output of a step that has a gift, which becomes one."""
        outputs = self.outputs.setdefault(step_id, {})
        expression = f"$response.body#{render_pointer(gift.pointer)}"
        known = next((name for name, other in outputs.items() if other == expression), None)
        if known is not None:
            return known
        name = unused(_told_as(gift.thing, gift.name), outputs)
        outputs[name] = expression
        return name

    def input_of(self, need: Need, step_id: str) -> str:
        """Return the name of the input that meets a need, which becomes one."""
        name = _told_as(need.thing, need.name)
        if self.inputs.get(name, need.schema) != need.schema:
            name = unused(f"{step_id}_{name}", self.inputs)
        self.inputs[name] = need.schema
        return name


def draft_document(story: Sequence[Known], sources: tuple[Source, ...], goal: str = "") -> dict[str, Any]:
    """Return the document that calls the operations in their order, as a JSON value."""
    draft = Draft(sources)
    for known in story:
        _add_step(draft, known)
    return document_of(draft, story, goal)


def document_of(draft: Draft, story: Sequence[Known], goal: str = "") -> dict[str, Any]:
    """Return the document of a draft whose steps call the operations in their order, as a JSON value."""
    outputs = _workflow_outputs(draft)
    for step in draft.steps:
        if draft.outputs.get(step["stepId"]):
            step["outputs"] = draft.outputs[step["stepId"]]
    used = {known.source for known in story}
    words = tuple(word.lower() for word in words_of(goal)) or _words_of(story)
    title = " ".join(words)
    workflow: dict[str, Any] = {"workflowId": kebab(words), "summary": f"{title[:1].upper()}{title[1:]}."}
    if draft.inputs:
        required = [name for name, schema in draft.inputs.items() if "default" not in schema]
        needed = {"required": required} if required else {}
        workflow["inputs"] = {"type": "object", **needed, "properties": draft.inputs}
    workflow["steps"] = draft.steps
    workflow |= {"outputs": outputs} if outputs else {}
    return {
        "arazzo": VERSION,
        "info": {"title": f"{title[:1].upper()}{title[1:]}", "version": "1.0.0"},
        "sourceDescriptions": [
            {"name": each.name, "url": each.url, "type": "openapi"} for each in draft.sources if each.name in used
        ],
        "workflows": [workflow],
    }


def _told_as(thing: str, name: str) -> str:
    """Return the name of a value, with what it is the id of where the name does not say it: `orderId` for `id`."""
    is_bare = bool(thing) and is_id(name) and len(words_of(name)) == 1
    spoken = name if name.replace("_", "").isalnum() else camel(words_of(name))
    return fit(camel((*thing.split(), spoken)) if is_bare else spoken)


def _words_of(story: Sequence[Known]) -> tuple[str, ...]:
    """Return what a story is called: after its two steps, or after what many lead to."""
    doing = [each for each in story if each.operation.method != "GET"] or story
    named = story if len(story) <= _MOST_NAMED else doing[-1:]
    told = [(_VERBS.get(each.operation.method, "call"), *(each.thing.split() or ("it",))) for each in named]
    joined = [word for words in told for word in ("and", *words)]
    return tuple(joined[1:])


def begin_step(draft: Draft, known: Known) -> dict[str, Any]:
    """Return a step that calls an operation, with nothing that is sent yet."""
    operation = known.operation
    words = deed_of(operation.operation_id or "") or (_VERBS.get(operation.method, "call"), *known.thing.split())
    step: dict[str, Any] = {"stepId": unused(fit(camel(words)), {each["stepId"] for each in draft.steps})}
    if operation.summary.strip():
        step["description"] = " ".join(operation.summary.split())
    return step | _called(draft, known)


def _add_step(draft: Draft, known: Known) -> None:
    step = begin_step(draft, known)
    values = draft.values_of(known.all_needs, step["stepId"], known.operation.operation_id)
    step |= _parameters(known, values)
    if known.body is not None:
        payload: Any = {}
        for need, value in zip(known.body.needs, values[len(known.needs) :], strict=True):
            payload = _put(payload, need.pointer, value)
        step["requestBody"] = {"contentType": known.body.content_type, "payload": payload}
    step |= _judged(known)
    draft.steps.append(step)
    draft.given.append((step["stepId"], known.gifts))
    draft.linked.append((step["stepId"], known.links))


def _parameters(known: Known, values: Sequence[str]) -> dict[str, Any]:
    pairs = zip(known.needs, values, strict=False)
    parameters = [{"name": need.name, "in": str(need.location), "value": value} for need, value in pairs]
    return {"parameters": parameters} if parameters else {}


def _called(draft: Draft, known: Known) -> dict[str, str]:
    operation = known.operation
    source = next(each for each in draft.sources if each.name == known.source)
    if operation.operation_id is None or operation.operation_id in source.repeated:
        pointer = render_pointer(operation.at.pointer)
        return {"operationPath": f"{{$sourceDescriptions.{known.source}.url}}#{pointer}"}
    if len(draft.sources) > 1:
        return {"operationId": f"$sourceDescriptions.{known.source}.{operation.operation_id}"}
    return {"operationId": operation.operation_id}


def _judged(known: Known) -> dict[str, Any]:
    """Return what makes a step succeed, and of one that waits for a job what follows while it is not done."""
    criteria = [{"condition": _condition(known)}]
    if known.poll is None:
        return {"successCriteria": criteria}
    done, actions = asking_until_done(known.poll, _condition(known))
    return {"successCriteria": [*criteria, done], "onFailure": actions}


def _condition(known: Known) -> str:
    success = success_of(known.operation)
    is_exact = success is not None and len(success.status) == _DIGITS and success.status.isdigit()
    return f"$statusCode == {success.status}" if is_exact and success is not None else SUCCESS


def _put(payload: dict[str, Any], pointer: tuple[str, ...], value: str) -> Any:  # noqa: ANN401 - a JSON value
    """Put a value where a pointer says; the value itself when it is all there is."""
    if not pointer:
        return value
    *above, last = pointer
    within = payload
    for name in above:
        within = within.setdefault(name, {})
    within[last] = value
    return payload


def _workflow_outputs(draft: Draft) -> dict[str, str]:
    """Return the outputs of the workflow: the first id that each step gives, and something of the last one."""
    outputs: dict[str, str] = {}
    ids = (next(((step, gift) for gift in gifts if is_id(gift.name)), None) for step, gifts in draft.given)
    last = next(((step, gift) for step, gifts in draft.given[-1:] for gift in gifts), None)
    for found in (*ids, last):
        if found is not None:
            step_id, gift = found
            name = draft.output_of(step_id, gift)
            outputs.setdefault(name, f"$steps.{step_id}.outputs.{name}")
    return outputs
