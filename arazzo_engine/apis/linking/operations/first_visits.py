"""An output of the step itself in what it sends: at its first visit there is none, as for the cursor of the first page.

Decides where the place of such a value is left out then: a parameter or a member that the operation does not require,
and of which it is the whole value; a replacement leaves its place as it is. Whether a way leads back to the step, so
that there is a value later, is for the checks to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.media_types import BodyKind, kind_of_body
from arazzo_engine.apis.descriptions.operations import In, Operation, parameter_key
from arazzo_engine.apis.linking.linked import content_type_of
from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.apis.wire_forms.content_types import describe_body
from arazzo_engine.documents.pointers import resolve_pointer
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.language.expressions.grammar import Root
from arazzo_engine.language.expressions.strings import Expression
from arazzo_engine.language.templates import Literal, ObjectTemplate, expressions_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.objects import Parameter, PayloadReplacement, RequestBody
    from arazzo_engine.language.templates import Template

_LEFT_OUT: Final = frozenset({In.QUERY, In.HEADER, In.COOKIE})
_WITH_MEMBERS: Final = frozenset({BodyKind.JSON, BodyKind.FORM})


def with_first_visits(linked: LinkedStep, schemas: Alternatives) -> LinkedStep:
    """Return a step with marks at its own outputs where they are left out as long as it has none."""
    operation = linked.target
    if not isinstance(operation, Operation):
        return linked
    own = _Own(linked.step.step_id, schemas)
    if own.is_in(each.value for each in linked.parameters):
        parameters = tuple(own.in_parameter(each, operation) for each in linked.parameters)
        linked = replace(linked, parameters=parameters)
    body = linked.step.request_body
    if (
        body is None
        or body.payload is None
        or not own.is_in([body.payload, *(each.value for each in body.replacements)])
    ):
        return linked
    content_type = content_type_of(linked, operation, body.payload)
    if kind_of_body(content_type) not in _WITH_MEMBERS:
        return linked
    described = describe_body(content_type, operation)
    schema = None if described is None else described.schema
    marked = own.in_body(body, () if schema is None else schemas.of((schema,)))
    return replace(linked, step=replace(linked.step, request_body=marked))


class _Own(Struct, frozen=True):
    """The outputs of one step, in what it sends."""

    step_id: str
    schemas: Alternatives

    def is_in(self, templates: Iterable[Template]) -> bool:
        """Whether any of these names an output of the step: of most steps, none does."""
        return any(self._is_own(expression) for each in templates for expression in expressions_in(each))

    def in_parameter(self, parameter: Parameter, operation: Operation) -> Parameter:
        if parameter.location not in _LEFT_OUT or not self._is_own(parameter.value):
            return parameter
        key = parameter_key(parameter.name, parameter.location or "")
        is_required = any(
            each.required and parameter_key(each.name, each.location) == key for each in operation.parameters
        )
        return parameter if is_required else replace(parameter, value=_marked(parameter.value))

    def in_body(self, body: RequestBody, known: Known) -> RequestBody:
        payload = self.in_members(body.payload, known) if isinstance(body.payload, ObjectTemplate) else body.payload
        replacements = tuple(self._in_replacement(each, body, known) for each in body.replacements)
        return replace(body, payload=payload, replacements=replacements)

    def _in_replacement(self, replacement: PayloadReplacement, body: RequestBody, known: Known) -> PayloadReplacement:
        """Return a replacement that is not made as long as there is no value, unless what it adds is required."""
        place = replacement.place
        is_added = place is not None and not _has(body.payload, place)
        above = follow(known, place[:-1], self.schemas).known if place and is_added else ()
        is_required = any(place[-1] in each.required for each in above) if place else False
        if is_required or not self._is_own(replacement.value):
            return replacement
        return replace(replacement, value=_marked(replacement.value))

    def in_members(self, template: ObjectTemplate, known: Known) -> ObjectTemplate:
        members = {name: self._in_member(name, each, known) for name, each in template.members.items()}
        return replace(template, members=members)

    def _in_member(self, name: str, member: Template, known: Known) -> Template:
        if isinstance(member, ObjectTemplate):
            return self.in_members(member, follow(known, (name,), self.schemas).known)
        is_required = any(name in each.required for each in known)
        return member if is_required or not self._is_own(member) else _marked(member)

    def _is_own(self, template: Template) -> bool:
        if not isinstance(template, Expression):
            return False
        parsed = template.expression
        return parsed.root is Root.STEPS and parsed.names[0] == self.step_id


def _has(template: Template | None, place: Pointer) -> bool:
    """Whether a payload is written with a place of it."""
    for index, name in enumerate(place):
        match template:
            case ObjectTemplate(members=members) if name in members:
                template = members[name]
            case Literal(value=value):
                return resolve_pointer(value, place[index:]) is not ABSENT
            case _:
                return False
    return True


def _marked(template: Template) -> Template:
    return replace(template, comes_later=True) if isinstance(template, Expression) else template
