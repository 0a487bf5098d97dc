"""What a JSON Schema complains of, in words: one phrase for each keyword.

Decides the words alone. The value that is complained of is never among them: it may be a secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from arazzo_engine.language.reading.nodes import type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue

# how a file is given where one is sent
GIVE_FILE: Final = "give an input that is the file: `$inputs.<name>`, with `-i <name>=@<path>`"
# of more values a person reads none, and the schema has them all
MOST_LISTED: Final = 12
_SHOWN_OF_MANY: Final = 3

_COMPLAINTS: Final[dict[str, Callable[[JsonValue, JsonValue], str]]] = {
    "type": lambda wanted, found: f"must be {_types(wanted)}, not {type_name(found)}",
    "enum": lambda wanted, _: f"must be one of {_listed(wanted)}",
    "const": lambda wanted, _: f"must be `{wanted}`",
    "format": lambda wanted, _: f"is not a valid `{wanted}`",
    "pattern": lambda wanted, _: f"does not match the pattern `{wanted}`",
    "minimum": lambda wanted, _: f"must be at least {wanted}",
    "maximum": lambda wanted, _: f"must be at most {wanted}",
    "exclusiveMinimum": lambda wanted, _: f"must be more than {wanted}",
    "exclusiveMaximum": lambda wanted, _: f"must be less than {wanted}",
    "multipleOf": lambda wanted, _: f"must be a multiple of {wanted}",
    "minLength": lambda wanted, _: f"must have at least {wanted} characters",
    "maxLength": lambda wanted, _: f"must have at most {wanted} characters",
    "minItems": lambda wanted, _: f"must have at least {wanted} elements",
    "maxItems": lambda wanted, _: f"must have at most {wanted} elements",
    "required": lambda wanted, found: "lacks " + ", ".join(f"`{name}`" for name in wanted if name not in found),
}
TYPES: Final = {
    "object": "an object", "array": "a list", "string": "a string", "boolean": "a boolean", "integer": "an integer",
    "number": "a number", "null": "null",
}  # fmt: skip


def complaint(error: Any) -> str:  # noqa: ANN401 - jsonschema's errors hold JSON values
    """Return what an error of jsonschema complains of, without the value that it complains of."""
    return words_of(str(error.validator), error.validator_value, error.instance)


def words_of(keyword: str, wanted: JsonValue, found: JsonValue) -> str:
    """Return what a keyword of a schema complains of in a value, without that value."""
    complain = _COMPLAINTS.get(keyword)
    return f"does not satisfy `{keyword}` of its schema" if complain is None else complain(wanted, found)


def _listed(values: JsonValue) -> str:
    """Return the values that are allowed; of very many how many there are, and the first."""
    is_long = len(values) > MOST_LISTED
    shown = ", ".join(f"`{each}`" for each in (values[:_SHOWN_OF_MANY] if is_long else values))
    return f"{len(values):,} values ({shown}, …)" if is_long else shown


def _types(wanted: JsonValue) -> str:
    return " or ".join(TYPES.get(each, str(each)) for each in ([wanted] if isinstance(wanted, str) else wanted))
