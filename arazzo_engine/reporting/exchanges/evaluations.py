"""How each value of an attempt was found: the expression as it is written, and what it gave.

Decides it from what the document says and what the attempt reports of itself: nothing is evaluated again. What a called
workflow was given is told by its own steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from msgspec import UNSET, Struct

from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.conditions.judgements import show_value
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.messages.exchange import header
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate, Selector, template_text
from arazzo_engine.printable import dim, in_line
from arazzo_engine.reporting.lines import marks
from arazzo_engine.reporting.lines.widths import cut, fill, width_of
from arazzo_engine.reporting.messages.json_forms import EvaluationForm
from arazzo_engine.reporting.outcomes import StepStatus
from arazzo_engine.secret_names import MASK, is_secret_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.documents.values import Value
    from arazzo_engine.language.messages.exchange import Request
    from arazzo_engine.language.objects import Parameter
    from arazzo_engine.language.templates import Template
    from arazzo_engine.reporting.masking import Masker
    from arazzo_engine.reporting.step_report import StepReport

_WIDEST: Final = 48
_LABEL: Final = "  evaluated  "


class Evaluation(Struct, frozen=True):
    """A value, where it went, and the text that it was found by. ``passed`` is that of a criterion."""

    where: str
    expression: str
    value: str
    passed: bool | None = None


def evaluations_of(step: StepReport, linked: LinkedStep | None, masker: Masker) -> tuple[Evaluation, ...]:
    """Return how the values of an attempt were found, masked."""
    masker.learn_named(step.named_secrets)
    masker = masker.of_messages()
    found = (*_of_request(step.request, linked), *_of_criteria(step), *_of_outputs(step, linked))
    return tuple(
        Evaluation(masker.name(each.where), masker.name(each.expression), masker.text(each.value), each.passed)
        for each in found
    )


def _of_request(request: Request | None, linked: LinkedStep | None) -> Iterator[Evaluation]:
    if request is None or linked is None:
        return
    for parameter in linked.parameters:
        where = f"{parameter.location or 'parameter'} {parameter.name}"
        yield from _of_template(parameter.value, _given(parameter, request), where)
    body = linked.step.request_body
    if body is not None and body.payload is not None:
        yield from _of_template(body.payload, request.payload, "body ")


def _given(parameter: Parameter, request: Request) -> Value:
    match parameter.location:
        case "path":
            return request.path.get(parameter.name, ABSENT)
        case "query":
            return request.query.get(parameter.name, ABSENT)
        case "header":
            return header(request.headers, parameter.name) or ABSENT
        case _:
            return ABSENT


def _of_template(template: Template, value: Value, where: str) -> Iterator[Evaluation]:
    match template:
        case ObjectTemplate():
            members = value if isinstance(value, dict) else {}
            for name, member in template.members.items():
                yield from _of_template(member, members.get(name, ABSENT), f"{where}/{name}")
        case ArrayTemplate():
            elements = value if isinstance(value, list) and len(value) == len(template.elements) else []
            for index, element in enumerate(template.elements):
                yield from _of_template(element, elements[index] if elements else ABSENT, f"{where}/{index}")
        case Literal():
            pass
        case Expression() | ExpressionString() | Selector():
            yield _evaluation(where.rstrip(), template, value)
        case _:
            assert_never(template)


def _of_criteria(step: StepReport) -> Iterator[Evaluation]:
    for result in step.criteria:
        yield Evaluation("criterion", result.condition, result.explanation, result.passed)


def _of_outputs(step: StepReport, linked: LinkedStep | None) -> Iterator[Evaluation]:
    # a step that failed names no outputs
    named = None if linked is None or step.status is StepStatus.FAILED else linked.step.outputs
    for name, template in (named or {}).items():
        yield from _of_template(template, step.outputs.get(name, ABSENT), f"output {name}")


def _evaluation(where: str, template: Template, value: Value) -> Evaluation:
    # what is named like a secret is one wherever it goes
    is_secret = is_secret_member(where.rpartition(" ")[2].rpartition("/")[2])
    return Evaluation(where, template_text(template), MASK if is_secret else show_value(value))


def evaluations_text(found: tuple[Evaluation, ...]) -> str:
    """Return the same for a person, a line for each."""
    where = max((width_of(in_line(each.where)) for each in found), default=0)
    text = min(_WIDEST, max((width_of(in_line(each.expression)) for each in found), default=0))
    lines = []
    for index, each in enumerate(found):
        mark = "" if each.passed is None else f"   {marks.PASSED if each.passed else marks.FAILED}"
        expression = fill(cut(in_line(each.expression), text), text)
        label = " " * len(_LABEL) if index else _LABEL
        lines.append(f"{dim(label)}{fill(in_line(each.where), where)}  {expression}  {in_line(each.value)}{mark}")
    return "\n".join(lines)


def evaluation_forms(found: tuple[Evaluation, ...]) -> list[EvaluationForm]:
    """Return the forms of the same for JSON."""
    return [
        EvaluationForm(each.where, each.expression, each.value, UNSET if each.passed is None else each.passed)
        for each in found
    ]
