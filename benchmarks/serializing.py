"""Parameters and bodies against what the standard library needs for the same characters."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote, urlencode

from arazzo_engine.apis.descriptions.operations import In, ParameterDescription
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.parameters import path_text, query_pairs
from arazzo_engine.documents.reading import read_document
from benchmarks.comparing import Comparison, compare

_PARAMETERS: Final = 10_000
_BODIES: Final = 1_000
_TEXTS: Final = tuple(f"value {number}/é?&" for number in range(_PARAMETERS))
_PAYLOADS: Final = tuple(
    {"id": number, "name": f"thing {number} é", "tags": ["a", "b"], "owner": {"id": number}, "price": 1.5}
    for number in range(_BODIES)
)
_FORMS: Final = tuple({"id": str(number), "name": f"thing {number} é", "tags": ["a", "b"]} for number in range(_BODIES))


def compare_parameters(rounds: int) -> Comparison:
    """10,000 parameters, half in the query and half in the path, against ``quote`` of the same texts."""
    place = read_document("{}", "file:///api.json").root()
    query = ParameterDescription(place, "name", In.QUERY, style="form", explode=True)
    path = ParameterDescription(place, "name", In.PATH, style="simple")
    half = _PARAMETERS // 2

    def engine() -> list[str]:
        pairs = [pair for text in _TEXTS[:half] for pair in query_pairs(query, text)]
        return [*pairs, *(path_text(path, text) for text in _TEXTS[half:])]

    def floor() -> list[str]:
        pairs = [f"name={quote(text, safe='')}" for text in _TEXTS[:half]]
        return [*pairs, *(quote(text, safe="") for text in _TEXTS[half:])]

    assert engine() == floor()
    return compare("10,000 parameters / urllib.parse.quote", engine, floor, rounds=rounds)


def compare_json_bodies(rounds: int) -> Comparison:
    """1,000 JSON bodies against ``json.dumps`` of the same payloads."""

    def engine() -> list[bytes]:
        return [bytes(write_body(payload, "application/json", None).content) for payload in _PAYLOADS]

    def floor() -> list[bytes]:
        return [json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() for each in _PAYLOADS]

    assert engine() == floor()
    return compare("1,000 JSON bodies / json.dumps", engine, floor, rounds=rounds)


def compare_forms(rounds: int) -> Comparison:
    """1,000 forms against ``urlencode`` of the same members."""

    def engine() -> list[bytes]:
        return [bytes(write_body(payload, "application/x-www-form-urlencoded", None).content) for payload in _FORMS]

    def floor() -> list[bytes]:
        return [urlencode(each, doseq=True).encode() for each in _FORMS]

    assert engine() == floor()
    return compare("1,000 form bodies / urllib.parse.urlencode", engine, floor, rounds=rounds)
