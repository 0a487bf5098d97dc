"""An expression that is the whole of a text in a JSON body, where the operation takes no text: its value is meant.

Decides it by the schema of the place: ``"ids": "{$steps.find.outputs.ids}"`` for a list of ids would send a text that
the description refuses, whatever the ids are. Where a text may stand, or the schema does not say, it stays one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import Operation
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.linking.repairs.operations import told
from arazzo_engine.apis.schemas.alternatives import all_types
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.language.expressions.json_texts import spots_in
from arazzo_engine.language.expressions.strings import Expression, ExpressionString
from arazzo_engine.language.templates import ArrayTemplate, ObjectTemplate, template_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.diagnostics import Diagnostic
    from arazzo_engine.language.expressions.strings import Span
    from arazzo_engine.language.templates import Template

WHOLE: Final = "the operation takes no text there, so the value is meant, with its type"


def with_values_of_texts(linked: LinkedStep, schemas: Alternatives, problems: list[Diagnostic]) -> LinkedStep:
    """Return a step whose JSON body has values where its operation takes no text; it is told in ``problems``."""
    body = linked.step.request_body
    if body is None or body.payload is None or not isinstance(linked.target, Operation):
        return linked
    content_type = content_type_of(linked, linked.target, body.payload)
    described = describe_body(content_type, linked.target)
    if kind_of_body(content_type) is not BodyKind.JSON or described is None or described.schema is None:
        return linked
    payload = _Reading(schemas, problems).as_meant(body.payload, schemas.of((described.schema,)))
    if payload is body.payload:
        return linked
    return replace(linked, step=replace(linked.step, request_body=replace(body, payload=payload)))


class _Reading(Struct, frozen=True):
    schemas: Alternatives
    problems: list[Diagnostic]

    def as_meant(self, template: Template, known: Known) -> Template:
        """Return a part of a payload, of which something is known, with values where no text can be."""
        match template:
            case ObjectTemplate(members=members):
                meant = {name: self.as_meant(each, self._below(known, name)) for name, each in members.items()}
                return template if _same(meant.values(), members.values()) else replace(template, members=meant)
            case ArrayTemplate(elements=elements):
                found = tuple(self.as_meant(each, self._below(known, str(i))) for i, each in enumerate(elements))
                return template if _same(found, elements) else replace(template, elements=found)
            case ExpressionString(parts=(Expression() as only,)) if _takes_no_text(known):
                self.problems.extend(told(template_text(template), only.expression.text, WHOLE, template.at))
                return only
            case ExpressionString():
                return self._json_as_meant(template, known)
            case _:
                return template

    def _json_as_meant(self, template: ExpressionString, known: Known) -> ExpressionString:
        meant = frozenset(self._quoted(template, known))
        if not meant:
            return template
        unquoted = tuple(_without_quotes(template.parts, meant))
        edits = (template.at.written(template_text(replace(template, parts=unquoted))),)
        for each in template.parts:
            if isinstance(each, Expression) and each.span in meant:
                written = f"{{{each.expression}}}"
                (found,) = told(f'"{written}"', written, WHOLE, each.at)
                self.problems.append(replace(found, location=each.at.location(each.span), edits=edits))
        return replace(template, parts=unquoted)

    def _quoted(self, template: ExpressionString, known: Known) -> Iterator[Span]:
        """Yield the spans of the expressions that are the whole of a text where none can be."""
        for spot in spots_in(template):
            if spot.is_quoted and _takes_no_text(follow(known, spot.path, self.schemas).known):
                yield spot.expression.span

    def _below(self, known: Known, token: str) -> Known:
        return follow(known, (token,), self.schemas).known


def _takes_no_text(known: Known) -> bool:
    return "string" not in all_types(known)


def _same(one: Iterable[Template], other: Iterable[Template]) -> bool:
    return all(each is as_it_was for each, as_it_was in zip(one, other, strict=True))


# --- JSON that is written as its text ---


def _without_quotes(written: tuple[str | Expression, ...], meant: frozenset[Span]) -> Iterator[str | Expression]:
    for index, part in enumerate(written):
        if not isinstance(part, str):
            yield part
            continue
        text = part
        if _is_meant(written, index - 1, meant):
            text = text.removeprefix('"')
        if _is_meant(written, index + 1, meant):
            text = text.removesuffix('"')
        yield text


def _is_meant(written: tuple[str | Expression, ...], index: int, meant: frozenset[Span]) -> bool:
    part = written[index] if 0 <= index < len(written) else ""
    return isinstance(part, Expression) and part.span in meant
