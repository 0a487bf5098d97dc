"""A name that nobody describes, and that is one slip of the keys away from the name which the author gave beside it.

Decides it for what an output is read from, `webUrl: $response.body#/weab_url`, and for what a member of a payload gets,
`commti: $inputs.commit`; an output that hands on what the author named is looked at by `meant/handed_on`. Where a
description knows the names, it is the judge; one author who spells one thing in two ways is told only that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ObjectTemplate
from arazzo_engine.spelling import are_apart, same_letters
from arazzo_engine.validation.types.meant.handed_on import SPELL_ALIKE, described_beside, is_declared, last_name
from arazzo_engine.validation.types.reading import reads_in
from arazzo_engine.validation.types.yields import Seen
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep, LinkedWorkflow
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.validation.types.yields import Yields


def check_own_names(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    """Yield a warning for each name that is spelled in two ways."""
    yield from _of_outputs(workflow, yields)
    for step in workflow.steps:
        body = step.step.request_body
        if (
            body is not None
            and isinstance(body.payload, ObjectTemplate)
            and not _is_described(step, body.payload, yields)
        ):
            yield from _of_members(body.payload, workflow, yields)


def _of_outputs(workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    for read in reads_in(workflow, yields.linked):
        is_output = read.use.at.pointer[-2:-1] == ("outputs",) and read.expression.root is Root.RESPONSE
        if not is_output or not read.pointer or described_beside(read, yields):
            continue
        name, part = read.use.at.pointer[-1], read.pointer[-1]
        endings = tuple(_endings(name))
        # `eTag` is read from `eTag`, whatever `tag` alone may be
        if any(are_apart(each, part) for each in endings) and not any(same_letters(each, part) for each in endings):
            message = f"output `{name}` is read from `{part}`, which nobody describes and which is spelled nearly alike"
            yield diagnose("name-misspelt", message, read.use.at.location(read.use.span), fix=SPELL_ALIKE)


def _endings(name: str) -> Iterator[str]:
    """Yield a name, and its last words: the slug of a pipeline is `pipelineSlug`."""
    words = words_of(name)
    yield from ("_".join(words[index:]) for index in range(len(words)))


def _is_described(step: LinkedStep, payload: ObjectTemplate, yields: Yields) -> bool:
    """Whether a description names the members of a payload."""
    if not isinstance(step.target, Operation):
        return True
    described = describe_body(content_type_of(step, step.target, payload), step.target)
    schema = None if described is None else described.schema
    return schema is not None and any(each.names for each in yields.schemas.of((schema,)))


def _of_members(payload: ObjectTemplate, workflow: LinkedWorkflow, yields: Yields) -> Iterator[Diagnostic]:
    for name, value in payload.members.items():
        match value:
            case ObjectTemplate():
                yield from _of_members(value, workflow, yields)
            case Expression(expression=expression) if is_declared(expression, Seen(workflow), yields):
                given = last_name(expression)
                if are_apart(name, given):
                    message = f"member `{name}`, which nobody describes, gets `{given}`, which is spelled nearly alike"
                    at = payload.at.child(name).key_location()
                    yield diagnose("name-misspelt", message, at, fix=SPELL_ALIKE)
            case _:
                pass
