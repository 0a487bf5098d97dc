"""Objects and lists in whose JSON text a pattern is found: what there is, with another text or another member in it.

Decides which texts and members are tried, from the pattern and from what the schema lists. Which of them is taken is
decided where values are put.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_list
from arazzo_engine.simulation.pattern_samples import sample_of
from arazzo_engine.simulation.queries.jsonpath import REGEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arazzo_engine.apis.descriptions.schemas import Schema
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue, Value
    from arazzo_engine.simulation.queries.jsonpath import Demand
    from arazzo_engine.simulation.schema_ways import Ways

_MOST: Final = 200
_DEEPEST: Final = 8
_OTHER: Final = "other"


def found_within(value: Value, demand: Demand, described: Schema | None, ways: Ways) -> Iterator[JsonValue]:
    """Yield an object or list with one change each, by which a pattern may be found in its text, or no longer be."""
    if demand.of != REGEX or not isinstance(value, dict | list):
        return
    made = sample_of(str(demand.value))
    for members in _members_in(made or ""):
        if isinstance(value, dict):
            yield {**value, **members}
        elif value and isinstance(value[0], dict):
            yield [{**value[0], **members}, *value[1:]]
    texts = (_OTHER,) if made is None or demand.operator == "!=" else (made, _OTHER)
    for path in islice(_texts_in(value, 0), _MOST):
        schema = ways.at(described, path)
        listed = (each for part in ways.parts(schema) for each in as_list(part.value.get("enum"))[:_MOST])
        yield from (_with(value, path, each) for each in (*listed, *texts))


def _members_in(text: str) -> Iterable[Mapping[str, JsonValue]]:
    """Yield the members that a piece of JSON text writes: ``"state":"done"``."""
    for written in (f"{{{text}}}", f'{{{text}"}}', text) if text[:1] in {'"', "{"} else ():
        try:
            read = json.loads(written)
        except ValueError:
            continue
        if isinstance(read, dict) and read:
            yield read


def _texts_in(value: JsonValue, depth: int) -> Iterator[Pointer]:
    """Yield the places of the texts in a value."""
    if isinstance(value, str):
        yield ()
    elif depth < _DEEPEST and isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else ((str(index), each) for index, each in enumerate(value))
        yield from ((name, *path) for name, each in members for path in _texts_in(each, depth + 1))


def _with(value: JsonValue, path: Pointer, leaf: JsonValue) -> JsonValue:
    if not path:
        return leaf
    token, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_with(each, rest, leaf) if str(at) == token else each for at, each in enumerate(value)]
    return {name: _with(each, rest, leaf) if name == token else each for name, each in value.items()}
