"""Where a step has secrets: what the security of its operation names, what is named like one, what is declared one.

Decides the places, before a run; which inputs and outputs flow into them is found by ``secrets``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.descriptions.operations import In, Operation
from arazzo_engine.apis.descriptions.references import value_at
from arazzo_engine.documents.values import as_mapping
from arazzo_engine.language.expressions.strings import ExpressionString
from arazzo_engine.language.templates import ArrayTemplate, Literal, ObjectTemplate
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.reporting.messages.named_secrets import is_about_secrets, secret_members, secret_parts
from arazzo_engine.secret_names import is_secret_cookie, is_secret_header, is_secret_member, is_secret_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arazzo_engine.apis.linking.linked import LinkedStep
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Step
    from arazzo_engine.language.templates import Template

_MEANT: Final = lazy_pattern(r"\{\$|^\$[a-zA-Z]+\.")
_DECLARED: Final = "x-secret"
_BY_LOCATION: Final[dict[str, Callable[[str], bool]]] = {
    "header": is_secret_header,
    "query": is_secret_query,
    "cookie": is_secret_cookie,
}


def _never(_name: str) -> bool:
    return False


def secret_templates(linked: LinkedStep) -> Iterator[Template]:
    """Yield what a step sends in a place of a credential, or under the name of one."""
    if not isinstance(linked.target, Operation):
        return
    places = {
        (str(scheme.location), scheme.parameter_name.lower())
        for alternative in linked.target.security
        for scheme in (requirement.scheme for requirement in alternative)
        if scheme.location is not None
    }
    if any(location == In.COOKIE.value for location, _ in places):
        places.add((In.HEADER.value, "cookie"))
    for parameter in linked.parameters:
        is_secret = _BY_LOCATION.get(parameter.location or "", _never)
        if (parameter.location, parameter.name.lower()) in places or is_secret(parameter.name):
            yield parameter.value
    yield from _in_body(linked.step)


def _in_body(step: Step) -> Iterator[Template]:
    body = step.request_body
    if body is None:
        return
    if body.payload is not None:
        yield from _named(body.payload)
    for replacement in body.replacements:
        # a pointer's last token, a path's last name
        name = replacement.target.rstrip("]'\"").replace("[", "/").replace(".", "/").rpartition("/")[2].strip("'\"")
        if is_secret_member(name):
            yield replacement.value


def _named(template: Template) -> Iterator[Template]:
    """Yield the members of a payload that are named like a secret, at any depth."""
    match template:
        case ObjectTemplate():
            for name, member in template.members.items():
                yield from _of_secret(member) if is_secret_member(name) else _named(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _named(element)
        case Literal():
            yield from (Literal(value, template.at) for value in secret_members(template.value))
        case _:
            pass


def _of_secret(template: Template) -> Iterator[Template]:
    """Yield what is secret of what is named like one: itself, or of an object what does not only tell about it."""
    match template:
        case ObjectTemplate():
            for name, member in template.members.items():
                if isinstance(member, Literal):
                    yield from _written(member, {name: member.value})
                elif isinstance(member, ObjectTemplate | ArrayTemplate) or not is_about_secrets(name):
                    yield from _of_secret(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from _of_secret(element)
        case Literal(value=dict() | list()):
            yield from _written(template, template.value)
        case _:
            yield template


def _written(template: Literal, value: JsonValue) -> Iterator[Template]:
    return (Literal(part, template.at) for part in secret_parts(value))


def literals_in(template: Template) -> Iterator[JsonValue]:
    """Yield what a template writes itself: it is as secret as what it is put together with."""
    match template:
        # what was meant as an expression is told as a mistake, and has to be seen
        case Literal() if not (isinstance(template.value, str) and _MEANT.search(template.value)):
            yield template.value
        case ObjectTemplate():
            for member in template.members.values():
                yield from literals_in(member)
        case ArrayTemplate():
            for element in template.elements:
                yield from literals_in(element)
        case ExpressionString() | _:
            # the text around an expression is its form: `Bearer `, a separator
            pass


def is_declared_secret(step: Step, output: str) -> bool:
    """Whether a step declares an output secret with ``x-secret: true``, for all of them or in a Selector Object."""
    own = as_mapping(value_at(step.at))
    declared = as_mapping(as_mapping(own.get("outputs")).get(output))
    return own.get(_DECLARED) is True or declared.get(_DECLARED) is True
