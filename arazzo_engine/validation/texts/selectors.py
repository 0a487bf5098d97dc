"""Objects that were meant as Selector Objects and are none: without `type`, with other words, or in Arazzo 1.0.

Each is sent as the object that it is, and told so. One whose members an API could have is none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.editing.nodes import Style
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedWorkflow
    from arazzo_engine.language.objects import Step
    from arazzo_engine.language.templates import Template

_SELECTOR: Final = frozenset({"context", "selector", "type"})
_BASES: Final = frozenset({"context", "from", "source"})
_PATHS: Final = frozenset({"selector", "path", "expression", "query", "jsonpath", "jsonPath"})
# how what is selected begins, by the language that it is in
_LANGUAGES: Final = (("$.", "jsonpath"), ("$[", "jsonpath"), ("//", "xpath"), ("/", "jsonpointer"))


def check_selectors(workflow: LinkedWorkflow, _linked: LinkedDescription) -> Iterator[Diagnostic]:
    """Yield a warning for each object of a request that was meant to select something, and is sent."""
    is_1_0 = workflow.description.version.startswith("1.0")
    actions = (action for step in workflow.steps for action in step.step.actions)
    owners = (workflow.workflow, *(step.step for step in workflow.steps), *actions)
    values = [parameter.value for owner in owners for parameter in owner.parameters]
    for value in (*values, *(each for step in workflow.steps for each in _payloads(step.step))):
        for found in _objects(value):
            yield from _told_complete(found, is_1_0=is_1_0) or _told(found, is_1_0=is_1_0)


def _payloads(step: Step) -> Iterator[Template]:
    body = step.request_body
    if body is not None and body.payload is not None:
        yield body.payload
        yield from (each.value for each in body.replacements)


def _objects(template: Template) -> Iterator[ObjectTemplate]:
    match template:
        case ObjectTemplate():
            yield template
            for member in template.members.values():
                yield from _objects(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _objects(element)
        case _:
            pass


def _told_complete(found: ObjectTemplate, *, is_1_0: bool) -> tuple[Diagnostic, ...]:
    if not is_1_0 or found.members.keys() != _SELECTOR or not isinstance(found.members["context"], Expression):
        return ()
    message = "the object is sent as it is: Arazzo 1.0 has no Selector Object"
    return (diagnose("expression-as-text", message, found.at.location(), fix="set `arazzo: 1.1.0`"),)


def _told(found: ObjectTemplate, *, is_1_0: bool) -> Iterator[Diagnostic]:
    names = {name for name in found.members if not name.startswith("x-")}
    base, path = names & _BASES, names & _PATHS
    if len(base) != 1 or len(path) != 1 or names - base - path - {"type"} or names >= _SELECTOR:
        return
    context, query = found.members[base.pop()], found.members[next(iter(path))]
    text = query.value if isinstance(query, Literal) else None
    language = next((each for start, each in _LANGUAGES if isinstance(text, str) and text.startswith(start)), "")
    # what begins with a slash may be the path of a file or a URL
    if not isinstance(context, Expression) or not isinstance(text, str) or not language:
        return
    if language != "jsonpath" and "selector" not in path:
        return
    selector = write_scalar(text, Style.SINGLE, in_flow=True)
    fix = f"write `{{context: {context.expression}, selector: {selector}, type: {language}}}`"
    message = "the object is sent as it is: a Selector Object has `context`, `selector` and `type`"
    at = found.at.location()
    yield diagnose("expression-as-text", message, at, fix=f"{fix}{' and set `arazzo: 1.1.0`' if is_1_0 else ''}")
