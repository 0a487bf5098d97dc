"""Whether a place of a document is sound: what most places are, told without the table of repairs.

It may call a sound place unsound, which costs the time to look at the table; it never says sound of what would be
repaired, and a test holds it to that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.grammar import is_condition
from arazzo_engine.language.expressions.grammar import looks_like_expression
from arazzo_engine.language.queries.jsonpath.unquoted import lacks_quotes
from arazzo_engine.language.repairs.criteria.queries import names_without_braces
from arazzo_engine.language.repairs.names import OUTPUT_OF_SOURCE
from arazzo_engine.language.repairs.parts import names_oddly
from arazzo_engine.language.repairs.shapes import words
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.values.own_outputs import names_own
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names
    from arazzo_engine.language.repairs.sites import Site

# a range of statuses in quotes, which no status is, and a value that is compared with nothing
_ODD: Final = lazy_pattern(r"[xX*]'|\|\|\s*(?:-?\d[\d.]*|'[^']*')\s*(?:$|\|\|)")
# braces of other tools around a value
_MARKS: Final = lazy_pattern(r"[{$#@%]\{|[$#]\(|<%|\A(?:[A-Za-z]+ +)?\{\s*(?:inputs|steps|workflows?)\.")
# an expression without its braces in what begins as JSON does
_BARE_IN_JSON: Final = lazy_pattern(r"\s*[{\[].*(?<!\{)\$[a-z]", re.DOTALL)
_SOURCE: Final = "$sourceDescriptions."


# how a condition begins that is more than its query
_OPENING: Final = ("$", "/", "'", '"')


def is_sound(site: Site) -> bool:
    """Whether nothing at a place would be repaired, as far as can be told quickly."""
    # an object is only looked at when it is odd
    look = _SOUND.get(site.kind)
    return look is not None and look(site.value, site.names)


def _has_space_around(text: str) -> bool:
    """Whether there is space around what begins as an expression does."""
    return (text[:1].isspace() or text[-1:].isspace()) and text.lstrip()[:1] == "$"


def _is_sound_value(value: str, names: Names) -> bool:
    if _has_space_around(value):
        return False
    if looks_like_expression(value):
        return _is_sound_expression(value, names)
    is_own = not value.startswith("$") and not _has_foreign_braces(value) and _BARE_IN_JSON.match(value) is None
    return is_own and _are_sound_parts(value, names)


def _has_foreign_braces(text: str) -> bool:
    return _MARKS.search(text) is not None


def _is_sound_expression(text: str, names: Names) -> bool:
    return names.know_text(text) and not ("#" in text and names_oddly(text)) and not names_own(text, names)


def _is_sound_parameter(value: str, names: Names) -> bool:
    if _has_space_around(value):
        return False
    if looks_like_expression(value):
        return _is_sound_expression(value, names)
    if _has_foreign_braces(value):
        return False
    around = [part.partition("}")[2] if index else part for index, part in enumerate(value.split("{$"))]
    return _are_sound_parts(value, names) and not any("$" in part for part in around)


def _are_sound_parts(text: str, names: Names) -> bool:
    parts = [part.partition("}") for part in text.split("{$")[1:]]
    return all(end and _is_sound_expression(f"${expression}", names) for expression, end, _ in parts)


def _is_sound_output(value: str, names: Names) -> bool:
    # an output that is no expression may be one without its sign
    return looks_like_expression(value) and _is_sound_parameter(value, names)


def _is_sound_criterion(criterion: dict[str, JsonValue], names: Names) -> bool:
    text = criterion.get("condition")
    if not isinstance(text, str) or criterion.keys() - {"condition", "context", "type"}:
        return False
    if "$steps." in text and any(f"$steps.{each}." in text for each in names.callers):
        return False
    if OUTPUT_OF_SOURCE.search(text):
        return False
    if _may_name_own(f"{criterion.get('context')} {text}", names):
        return False
    if "context" not in criterion:
        is_odd = ".$." in text or any(names_oddly(each) for each in text.split()) or _ODD.search(text) is not None
        return "type" not in criterion and is_condition(text) and not is_odd
    context = criterion["context"]
    is_text = isinstance(context, str) and not _has_space_around(context)
    is_known = is_text and names.know_text(context) and context != "$statusCode"
    is_query = criterion.get("type") in ("regex", "xpath") and not text.lstrip(" {").startswith(_OPENING)
    return is_known and is_query and "{$" not in text and not names_without_braces(text)


def _may_name_own(text: str, names: Names) -> bool:
    if names.own is not None and f"$steps.{names.own.step_id}." in text:
        return True
    return (names.ended is not None or names.own is not None) and "$outputs." in text


def _is_sound_selector(selector: dict[str, JsonValue], names: Names) -> bool:
    query = selector["selector"]
    is_whole = not names_without_braces(query) and not (isinstance(query, str) and lacks_quotes(query))
    is_typed = words.correct_selector(selector, names) is None
    return _is_sound_expression(str(selector["context"]), names) and is_whole and is_typed


def _is_sound_id(text: str, names: Names) -> bool:
    name, _, rest = text.removeprefix(_SOURCE).partition(".")
    if _has_space_around(text):
        return False
    return not text.startswith("$") or (text.startswith(_SOURCE) and name in names.sources and "." not in rest)


def _is_sound_workflow(text: str, names: Names) -> bool:
    if not text.startswith("$"):
        return text in names.workflows
    return _is_sound_id(text, names) and text.removeprefix(_SOURCE).partition(".")[0] not in names.apis


def _is_sound_path(text: str, names: Names) -> bool:
    name, end, _ = text.removeprefix("{" + _SOURCE).partition(".url}#/")
    return text.startswith("{" + _SOURCE) and bool(end) and name in names.sources


def _is_sound_reusable(value: dict[str, JsonValue], _names: Names) -> bool:
    return "$ref" not in value and str(value.get("reference")).startswith("$")


_SOUND: Final[dict[Kind, Callable[[JsonValue, Names], bool]]] = {
    Kind.VALUE: _is_sound_value,
    Kind.ARGUMENT: _is_sound_parameter,
    Kind.PARAMETER: _is_sound_parameter,
    Kind.OUTPUT: _is_sound_output,
    Kind.SELECTOR: _is_sound_selector,
    Kind.MAPPING: lambda _value, _names: False,
    Kind.CRITERION: _is_sound_criterion,
    Kind.OPERATION_ID: _is_sound_id,
    Kind.WORKFLOW_ID: _is_sound_workflow,
    Kind.STEP_ID: lambda text, names: text in names.steps,
    Kind.OPERATION_PATH: _is_sound_path,
    Kind.REUSABLE: _is_sound_reusable,
}
