"""Examples that a description gives: which of them says what an answer is.

Decides whether an example fits its own schema; one that does not is no answer that the API could give. Published ones
are often the JSON text of a value. What is made where none fits is not known here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from arazzo_engine.apis.schemas.parts import Parts
from arazzo_engine.documents.values import ABSENT
from arazzo_engine.validation.literals.judging import Judging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arazzo_engine.apis.descriptions.references import Resolver
    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.validation.literals.judging import Complaint


def fitting(examples: Iterable[JsonValue], schema: Schema | None, resolver: Resolver) -> Value:
    """Return the first example that fits the schema, as the value that it is; ``ABSENT`` when there is none."""
    return next(all_fitting(examples, schema, resolver), ABSENT)


def all_fitting(examples: Iterable[JsonValue], schema: Schema | None, resolver: Resolver) -> Iterator[JsonValue]:
    """Yield each example that fits the schema, as the value that it is."""
    readings = (reading for example in examples for reading in _readings(example))
    yield from (each for each in readings if schema is None or not refusals_of(each, schema, resolver))


def _readings(example: JsonValue) -> Iterator[JsonValue]:
    """Yield what an example can be: the value of its JSON, which a schema of a text refuses, then itself."""
    if isinstance(example, str) and example.lstrip()[:1] in {"{", "["}:
        with suppress(ValueError, RecursionError):
            yield json.loads(example)
    yield example


def refusals_of(
    value: JsonValue, schema: Schema, resolver: Resolver, *, as_text: bool = False
) -> tuple[Complaint, ...]:
    """Return what a schema refuses in a value; in a parameter it stands ``as_text``."""
    found = Judging(Parts(resolver), as_text=as_text).complaints(schema, value)
    return tuple(each for each in found if each.is_refused)
