"""Whether a value fits a schema of a description, and where it does not: by the validator that judges the inputs.

Decides with the arithmetic of ``jsonschema-rs`` alone. A schema is compiled when it is first needed and kept; one that
cannot be, or would keep the validator busy without an end, is unreadable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from arazzo_engine.validation.inputs.complaints import complaint
from arazzo_engine.validation.inputs.schema_work import is_too_much
from arazzo_engine.validation.inputs.subschemas import Root
from arazzo_engine.world.contracts.schemas.bundles import Bundle, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.values import JsonValue

# as many as a person reads of one body
_MOST_TOLD: Final = 20


class Flaw(Struct, frozen=True):
    """One thing that a value has wrong: the keyword, its place, where in the value, and what it complains of."""

    keyword: str
    at: Place
    path: tuple[str, ...]
    complaint: str


class _Complaint(Struct, frozen=True):
    """What words are made from: ``value`` is what the schema wants, ``instance`` what there is."""

    validator: str
    validator_value: JsonValue
    instance: JsonValue


class Judge(Struct, frozen=True):
    """Judges values by one schema."""

    bundle: Bundle
    validator: Any

    def fits(self, value: JsonValue) -> bool:
        """Whether a value fits; raises ``UnreadableError`` when that cannot be found out."""
        if is_too_much(Root(self.bundle.schema), value):
            raise UnreadableError("a schema whose references multiply")
        try:
            return bool(self.validator.is_valid(value))
        except ValueError as error:
            raise UnreadableError("a value that nests too deep, or is no JSON") from error

    def flaws(self, value: JsonValue) -> tuple[Flaw, ...]:
        """Return what is wrong with a value that does not fit."""
        found: dict[tuple[str, ...], Flaw] = {}
        for error in self.validator.iter_errors(value):
            flaw = self._flaw(error)
            found.setdefault((*flaw.path, flaw.complaint), flaw)
            if len(found) == _MOST_TOLD:
                break
        return tuple(found.values())

    def _flaw(self, error: Any) -> Flaw:  # noqa: ANN401 - jsonschema-rs has no type for what its errors hold
        path = error.evaluation_path
        keyword, wanted = str(path[-1]), self.bundle.keyword(path)
        at = self.bundle.place(path)
        words = _SPECIAL.get(keyword if wanted in _CLOSED else "")
        said = words or complaint(_Complaint(keyword, wanted, error.instance))
        if keyword == "not" and at.pointer[-1:] != ("not",):
            said = "belongs to messages of the other direction only"
        return Flaw(keyword, at, tuple(str(each) for each in error.instance_path), said)


_CLOSED: Final = (False,)
_SPECIAL: Final = {
    "additionalProperties": "has members that its schema does not know",
    "unevaluatedProperties": "has members that its schema does not know",
    "items": "has more elements than its schema knows",
    "unevaluatedItems": "has more elements than its schema knows",
}


def compile_judge(bundle: Bundle) -> Judge:
    """Return what judges by a schema; raises ``UnreadableError`` when it is none."""
    import jsonschema_rs  # noqa: PLC0415 - 30 ms that a run without schemas does not pay

    try:
        validator = jsonschema_rs.Draft202012Validator(bundle.schema, validate_formats=True)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise UnreadableError("a schema that is none") from error
    return Judge(bundle, validator)


def flaws_of(judge: Judge, candidates: Iterator[JsonValue]) -> tuple[Flaw, ...]:
    """Return nothing when one of several readings of a value fits, else what is wrong with the likeliest of them."""
    told: list[tuple[Flaw, ...]] = []
    for each in candidates:
        if judge.fits(each):
            return ()
        told.append(judge.flaws(each))
    return min(told, key=lambda flaws: (sum(flaw.keyword == "type" for flaw in flaws), len(flaws)))
