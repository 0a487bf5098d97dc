"""What the engine writes beside what other programs and the specification write; each difference has a ruling.

The data of the programs is made by ``scripts/oracles.py``, which names their versions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pytest
from oracles import FORMS, STRIPE, SWAGGER_CLIENT, rows

from arazzo_engine.apis.descriptions.operations import Encoding, In, MediaType, ParameterDescription
from arazzo_engine.apis.wire_forms.bodies import write_body
from arazzo_engine.apis.wire_forms.parameters import cookie_pairs, header_text, path_text, query_pairs
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Callable

_PLACE = read_document("{}", "file:///api.json").root()
_REFUSED = "refused"


def _data(name: str) -> Any:
    return json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _write(row: dict[str, Any]) -> str:
    described = ParameterDescription(
        _PLACE,
        "color",
        In(row["place"]),
        style=row["style"],
        explode=row["explode"],
        allow_reserved=row["allowReserved"],
    )
    try:
        match described.location:
            case In.PATH:
                return path_text(described, row["value"])
            case In.QUERY:
                return "&".join(query_pairs(described, row["value"]))
            case In.HEADER:
                return header_text(described, row["value"])
            case _:
                return "; ".join(cookie_pairs(described, row["value"]))
    except ArazzoError as error:
        return _REFUSED if [each.code for each in error.diagnostics] == ["value-unsendable"] else str(error)


def _nests(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(each, dict | list) for each in inner)


# a name, and which differences it is about; the first that fits. ``ours`` and ``theirs`` are what is written
_RULINGS: Final[dict[str, Callable[[dict[str, Any], str, str], bool]]] = {
    "an empty value in a path would change the route, and so would dots": lambda row, ours, _theirs: (
        row["place"] == "path" and ours == _REFUSED and row["value"] in (None, "", "..", [], {})
    ),
    "what would be read as more values is refused": lambda _row, ours, _theirs: ours == _REFUSED,
    "null and the empty text are sent as an empty value": lambda row, _ours, _theirs: row["value"] in (None, ""),
    "an empty value of matrix leaves the name, as RFC 6570 has it, in a list too": lambda row, ours, theirs: (
        row["style"] == "matrix" and theirs.replace("=;", ";") == ours
    ),
    "an empty list or object is not sent": lambda row, ours, _theirs: row["value"] in ([], {}) and not ours,
    "a label joins by commas what is not exploded": lambda row, _ours, _theirs: (
        row["style"] == "label" and not row["explode"] and isinstance(row["value"], list | dict)
    ),
    "an object has the delimiter of its style": lambda row, _ours, _theirs: (
        row["style"] in {"spaceDelimited", "pipeDelimited"} and isinstance(row["value"], dict) and not row["explode"]
    ),
    "a list of deepObject has indexes, and what nests has brackets": lambda row, _ours, _theirs: (
        row["style"] == "deepObject" and (isinstance(row["value"], list) or _nests(row["value"]))
    ),
    "the names of members are encoded in a path": lambda row, ours, theirs: (
        row["place"] == "path" and isinstance(row["value"], dict) and " " in theirs and unquote(ours) == unquote(theirs)
    ),
    "a list in cookies is as many cookies, and is not encoded as a whole": lambda row, ours, theirs: (
        row["place"] == "cookie" and unquote(theirs).removeprefix("color=").replace("&", "; ") in {ours, unquote(ours)}
    ),
    "a triple stays as it is where reserved characters do": lambda row, _ours, _theirs: (
        row["allowReserved"] and row["place"] in {"path", "query"} and "%20" in str(row["value"])
    ),
    "reserved characters stay in a path, but those that would end it, and so in a query": lambda row, ours, theirs: (
        row["allowReserved"] and row["place"] in {"path", "query"} and unquote(ours) == unquote(theirs)
    ),
    "what RFC 3986 does not allow in a query, or a cookie may be read by, is encoded": lambda row, ours, theirs: (
        row["place"] in {"query", "cookie"} and unquote(ours) in {theirs, unquote(theirs)}
    ),
}


def _ruling(row: dict[str, Any], ours: str, theirs: str) -> str:
    found = next((name for name, fits in _RULINGS.items() if fits(row, ours, theirs)), None)
    assert found is not None, f"no ruling says why this is no {theirs!r}: {ours!r} of {row}"
    return found


def test_every_difference_to_swagger_client_has_a_ruling() -> None:
    data = _data("swagger_client.json")
    assert data["program"] == f"swagger-client {SWAGGER_CLIENT}"
    assert [{name: value for name, value in row.items() if name != "sent"} for row in data["rows"]] == rows()
    written = [(row, _write(row), row["sent"] or "") for row in data["rows"]]
    used = [_ruling(*each) for each in written if each[1] != each[2]]
    assert (len(written), len(written) - len(used)) == (1428, 1026)
    assert set(used) == set(_RULINGS)


@pytest.mark.parametrize("row", _data("stripe.json")["rows"])
def test_a_form_is_written_as_stripe_writes_it(row: dict[str, Any]) -> None:
    assert _data("stripe.json")["program"] == f"stripe-python {STRIPE}"
    assert row["form"] in FORMS
    # as Stripe describes what it takes
    encoding = {name: Encoding(at=_PLACE, style="deepObject", explode=True) for name in row["form"]}
    content_type = "application/x-www-form-urlencoded"
    body = write_body(row["form"], content_type, MediaType(name=content_type, encoding=encoding))
    assert bytes(body.content).decode() == row["sent"]


_BLUE, _LIST, _OBJECT = "blue", ["blue", "black", "brown"], {"R": 100, "G": 200, "B": 150}
# Style Examples of OpenAPI: what a text, a list and an object are; ``None`` where nothing is defined
_SIMPLE: Final[list[tuple[Any, ...]]] = [
    ("path", "matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("path", "label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("path", "simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("path", "simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("header", "simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("header", "simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("query", "form", False, "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("query", "form", True, "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("query", "spaceDelimited", False, None, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ("path", "label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
]
_COOKIES: Final[list[tuple[Any, ...]]] = [
    ("cookie", "cookie", False, "color=blue", None, None),
    ("cookie", "cookie", True, "color=blue", "color=blue; color=black; color=brown", "R=100; G=200; B=150"),
]
_EXAMPLES: Final = {"3.0.4": _SIMPLE, "3.1.1": _SIMPLE, "3.2.0": [*_SIMPLE, *_COOKIES]}


@pytest.mark.parametrize(
    ("version", "example"), [(name, each) for name, listed in _EXAMPLES.items() for each in listed]
)
def test_the_style_examples_are_written_as_they_stand(version: str, example: tuple[Any, ...]) -> None:
    place, style, explode, *texts = example
    assert version in {"3.0.4", "3.1.1", "3.2.0"}
    for value, text in zip((_BLUE, _LIST, _OBJECT), texts, strict=True):
        row = {"place": place, "style": style, "explode": explode, "allowReserved": False, "value": value}
        assert text is None or _write(row) == text
