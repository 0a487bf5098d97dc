"""A document that does what was done before: a step for each exchange, with what flows from answers to requests.

Decides what a value that was sent comes from: an answer before in which it stood, if it is too telling to stand there
by chance, or is called the same; else an input. Nothing that a description does not know is asked of an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
from msgspec import field
from msgspec.structs import replace

from arazzo_engine.apis.descriptions.operations import In
from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.drafting.answered import TYPES, Given, gifts_in, judged
from arazzo_engine.drafting.draft import begin_step, document_of
from arazzo_engine.drafting.exchanges import leaves
from arazzo_engine.drafting.fields import Need, is_filled_in, need_of
from arazzo_engine.drafting.names import is_id, thing_of_id
from arazzo_engine.secret_names import (
    is_secret_cookie,
    is_secret_header,
    is_secret_query_undescribed,
    is_secret_undescribed,
)
from arazzo_engine.typed import Silent, SilentState
from arazzo_engine.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arazzo_engine.apis.descriptions.operations import ParameterDescription
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.drafting.draft import Draft
    from arazzo_engine.drafting.exchanges import Matched
    from arazzo_engine.drafting.fields import Gift
    from arazzo_engine.drafting.plain_schemas import Plain

# a shorter text, or a smaller number, may be the same by chance
_TELLING: Final = 4
_TELLING_NUMBER: Final = 1_000
# what a capture has a stand-in for by its name
_SECRET: Final[dict[str, Callable[[str, str], bool]]] = {
    In.QUERY: lambda name, _: is_secret_query_undescribed(name),
    In.HEADER: lambda name, _: is_secret_header(name),
    In.COOKIE: is_secret_cookie,
    "": lambda name, _: is_secret_undescribed(name),
}
# a larger body is one input
_MOST_VALUES: Final = 30


class _Tracing(SilentState):
    """A draft that is being made; ``given`` is what answers have held, ``taken`` the inputs by what they were."""

    draft: Draft
    given: list[Given] = field(default_factory=list)
    taken: dict[tuple[str, object], str] = field(default_factory=dict)

    def add(self, matched: Matched) -> None:
        """Add the step of an exchange."""
        step = begin_step(self.draft, matched.known)
        step |= self._parameters(matched, step["stepId"])
        step |= self._body(matched, step["stepId"])
        step |= judged(matched)
        self.draft.steps.append(step)
        gifts = list(gifts_in(matched, step["stepId"]))
        self.given += gifts
        self.draft.given.append((step["stepId"], tuple(each.gift for each in gifts)))

    def _parameters(self, matched: Matched, step_id: str) -> dict[str, Any]:
        operation = matched.known.operation
        parameters = []
        for each in operation.parameters:
            need = need_of(operation, each, matched.known.plain)
            texts = [] if is_filled_in(each) else matched.given(each)
            if texts:
                value = self._value(need, _read(each, need, texts), step_id)
            elif need in matched.known.needs:
                # the description wants it, though it was not sent
                value = f"$inputs.{self.draft.input_of(need, step_id)}"
            else:
                continue
            parameters.append({"name": each.name, "in": str(each.location), "value": value})
        return {"parameters": parameters} if parameters else {}

    def _body(self, matched: Matched, step_id: str) -> dict[str, Any]:
        sent = matched.exchange.sent
        if sent is ABSENT:
            return {}
        schema = _sent_schema(matched)
        if not isinstance(sent, dict | list) or len(leaves(sent)) > _MOST_VALUES:
            payload: Any = self._value(Need("body", "", matched.known.plain.schema(schema)), sent, step_id)
        else:
            payload = self._payload(sent, _Position(schema, matched.known.plain), step_id)
        return {"requestBody": {"contentType": matched.exchange.content_type, "payload": payload}}

    def _payload(self, sent: Any, at: _Position, step_id: str) -> Any:  # noqa: ANN401 - a JSON value
        match sent:
            case dict():
                return {name: self._payload(each, at.member(name), step_id) for name, each in sent.items()}
            case list():
                return [self._payload(each, at.element(), step_id) for each in sent]
            case None:
                return None
            case _:
                need = Need(at.name or "value", thing_of_id(at.name), at.plain.schema(at.schema))
                return self._value(need, sent, step_id)

    def _value(self, need: Need, value: Any, step_id: str) -> str:  # noqa: ANN401 - the same
        """Return the expression of a value that was sent."""
        of = (str(value), need.schema.get("type", TYPES.get(type(value))))
        key = (of[0], str(of[1]))
        if _is_telling(value) and key in self.taken:
            return self.taken[key]
        found = next((each for each in self._sources(need, value)), None)
        if found is not None:
            return f"$steps.{found.step_id}.outputs.{self.draft.output_of(found.step_id, found.gift)}"
        expression = f"$inputs.{self.draft.input_of(_with_default(need, value), step_id)}"
        self.taken[key] = expression
        return expression

    def _sources(self, need: Need, value: Any) -> list[Given]:  # noqa: ANN401 - the same
        """Return what answers had the value, the likeliest first: of the same name, then the earliest."""
        same = [each for each in self.given if str(each.value) == str(value) and _fits(each.gift, need)]
        # an amount may be the same number as another one by chance, however large it is
        by_value = _is_telling(value) and (isinstance(value, str) or bool(need.thing) or is_id(need.name))
        alike = [each for each in same if by_value or _is_called_so(each.gift, need)]
        return sorted(alike, key=lambda each: (not _is_called_so(each.gift, need), len(each.gift.pointer)))


class _Position(Silent, frozen=True):
    """A place in a body: what its schema says, as far as it is known."""

    schema: Schema | None
    plain: Plain
    name: str = ""

    def member(self, name: str) -> _Position:
        """Return the place of a member."""
        return _Position(self.plain.members(self.schema).get(name), self.plain, name)

    def element(self) -> _Position:
        """Return the place of an element."""
        return _Position(self.plain.elements(self.schema), self.plain, self.name)


def retrace(story: Sequence[Matched], draft: Draft) -> dict[str, Any]:
    """Return the document that does what was done, as a JSON value."""
    tracing = _Tracing(draft)
    for matched in story:
        tracing.add(matched)
    return document_of(draft, [each.known for each in story])


def _read(parameter: ParameterDescription, need: Need, texts: list[str]) -> Any:  # noqa: ANN401 - a JSON value
    """Return the value that a parameter had, by its described type."""
    schema = need.schema
    if schema.get("type") == "array":
        parts = texts if parameter.explode or len(texts) > 1 else texts[0].split(",")
        return [_typed(each, as_mapping(schema.get("items"))) for each in parts]
    return _typed(texts[-1], schema)


def _typed(text: str, schema: dict[str, Any]) -> Any:  # noqa: ANN401 - the same
    try:
        match schema.get("type"):
            case "integer":
                return int(text)
            case "number":
                return float(text)
            case "boolean":
                return {"true": True, "false": False}.get(text, text)
            case _:
                return text
    except ValueError:
        return text


def _sent_schema(matched: Matched) -> Schema | None:
    body = matched.known.operation.request_body
    media_types = body.media_types if body is not None else ()
    wanted = matched.exchange.content_type
    return next((each.schema for each in media_types if each.name.partition(";")[0].strip().lower() == wanted), None)


def _with_default(need: Need, value: Any) -> Need:  # noqa: ANN401 - the same
    """Return a need whose schema says what was sent, where that is no secret and certainly fits."""
    type_ = TYPES.get(type(value))
    schema = need.schema or ({"type": type_} if type_ else {})
    is_secret = _SECRET.get(need.location, _SECRET[""])(need.name, str(value))
    if type_ is not None and not is_secret and _is_valid(value, schema):
        schema = {**schema, "default": value}
    return replace(need, schema=schema)


def _is_valid(value: Any, schema: dict[str, Any]) -> bool:  # noqa: ANN401 - the same
    try:
        return jsonschema_rs.validator_for(schema).is_valid(value)
    except ValueError:
        return False


def _is_telling(value: Any) -> bool:  # noqa: ANN401 - the same
    match value:
        case bool():
            return False
        case int() | float():
            return abs(value) >= _TELLING_NUMBER
        case str():
            return len(value) >= _TELLING
        case _:
            return False


def _is_called_so(gift: Gift, need: Need) -> bool:
    is_same_id = bool(need.thing) and gift.thing == need.thing
    return is_same_id or words_of(gift.name) == words_of(need.name)


def _fits(gift: Gift, need: Need) -> bool:
    wanted = need.schema.get("type")
    types = wanted if isinstance(wanted, list) else [wanted]
    is_number = gift.type == "integer" and "number" in types
    # what stands in a URL is a text, whatever it was
    return wanted is None or gift.type in types or is_number or (need.location == In.PATH and types == ["string"])
