"""What a step keeps of its answer, in the fields of other formats, as its ``outputs``.

Decides the expression of each part that is named: by a JSONPath of one part, by the names that lead there, or as a
header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.values import as_list, as_mapping
from arazzo_engine.language.conditions.hurl import as_expression
from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.expressions.mistakes import as_pointer
from arazzo_engine.language.reading.other_formats.fields import in_flow, is_id, letters
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.reading.other_formats.fields import OddField

# what other engines keep of an answer, by names
KEPT: Final = (
    *("output", "extract", "extracts", "extractors", "capture", "captures", "save", "store", "export", "exports"),
    *("register", "registers", "saveas", "remember"),
)
# how they name a part of a body
_PATHS: Final = ("jsonpath", "jsonPath", "json", "path", "body", "expression", "query", "value", "from")
_WHOLE: Final = {"statuscode": "$statusCode", "body": "$response.body"}
# what is no member of a body, or may be another thing than one
_ROOTS: Final = frozenset(
    {*_WHOLE, "status", "code", "response", "res", "request", "headers", "header", "steps", "inputs", "outputs"}
    | {"true", "false", "null", "none"}
)
_AS: Final = "as"
# what an output may be called
_NAME: Final = lazy_pattern(r"[A-Za-z0-9._\-]+")
_HEADER: Final = lazy_pattern(r"[A-Za-z0-9\-_]+")
_OF_BODY: Final = lazy_pattern(
    r"(?:\$(?=[.\[])|(?:response|res)\.(?:body|json|data)(?=[.\[])|(?:body|json)(?=[.\[])|(?=\.))(?P<rest>[.\[].+)"
    r"|(?P<names>[A-Za-z_][\w\-]*(?:\.[A-Za-z_][\w\-]*|\[\d+\])*)"
)


def kept(odd: OddField) -> str:
    """``capture: {id: $.id}`` of a step is its ``outputs``; so is the whole of an answer that has a name."""
    if is_id(odd.value):
        written = {str(odd.value): "$response.body"}
        return f"{_outputs(written, odd)}, or `$response.body#/<part>`" if odd.name.startswith("reg") else ""
    written = {name: _output_of(each) for name, each in _named(odd.value).items()}
    is_sure = written and all(written.values()) and all(map(_NAME.fullmatch, written))
    return _outputs(written, odd) if is_sure else ""


def _outputs(written: dict[str, str], odd: OddField) -> str:
    said = in_flow(dict(written))
    return f"add to `outputs`: `{said[1:-1]}`" if as_mapping(odd.beside.get("outputs")) else f"write `outputs: {said}`"


def _named(found: JsonValue) -> dict[str, JsonValue]:
    """Return what is kept by its names: of a map, or of a list of objects of which each says its name."""
    is_one = _AS in as_mapping(found)
    entries = [found] if is_one else as_list(found)
    if not entries:
        return as_mapping(found)
    # `{json: $.id, as: id}`, of which nothing is called `as`
    called = _AS if all(_AS in as_mapping(each) for each in entries) else "name"
    if not all(is_id(as_mapping(each).get(called)) for each in entries):
        return {}
    each_named = [dict(as_mapping(each)) for each in entries]
    named = {str(each.pop(called)): each for each in each_named}
    return named if len(named) == len(entries) else {}


def _output_of(captured: JsonValue) -> str:
    """Return the expression of what is captured: one part of a body, or a header."""
    if isinstance(captured, dict) and len(captured) == 1:
        ((how, path),) = captured.items()
        if how.casefold() == "header" and isinstance(path, str) and _HEADER.fullmatch(path):
            return f"$response.header.{path}"
        captured = path if how in _PATHS else None
    if not isinstance(captured, str):
        return ""
    if captured.startswith(("$response.", "$statusCode")) and is_expression(captured):
        return captured
    return as_expression(captured) or _of_path(captured)


def _of_path(path: str) -> str:
    match = _OF_BODY.fullmatch(path)
    if match is None or letters(match["names"] or "").partition(".")[0] in _ROOTS:
        return _WHOLE.get(letters(path), "")
    pointer = as_pointer(match["rest"] or f".{match['names']}")
    return f"$response.body#{pointer}" if pointer else ""
