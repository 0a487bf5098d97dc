"""Repairs of how an expression begins: a root that is nearly one, ids in brackets, an answer named by other words.

Each function takes a text and the names that exist, and returns the text as it should have been, or ``None``. What it
returns names something that exists, but for an answer, whose parts only the description knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.conditions.hurl import as_expression as captured
from arazzo_engine.language.conditions.library_values import as_value
from arazzo_engine.language.expressions.mistakes import KEPT_WORDS
from arazzo_engine.language.expressions.strings import unquoted
from arazzo_engine.language.repairs.expressions import (
    correct_expression,
    correct_header,
    correct_status,
    name_members,
)
from arazzo_engine.language.repairs.parts import name_part, names_oddly
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

# `$steps['find'].outputs`: the ids and names of an expression, up to the value that it names
_IN_BRACKETS: Final = lazy_pattern(r"\[(['\"])([\w\-]+)\1\]")
_OF_NAMES: Final = lazy_pattern(r"\$(?:steps|inputs|outputs|workflows)[.\[]")
_ROOT: Final = lazy_pattern(r"\$(input|step|output|sourcedescription)s?(?=[.\[])", re.IGNORECASE)
_NEAR_ROOT: Final = lazy_pattern(r"\$(?:input|step|output|sourcedescription)\.", re.IGNORECASE)
_ROOTS: Final = {each[:-1].casefold(): f"${each}" for each in ("inputs", "steps", "outputs", "sourceDescriptions")}
_OF_STEP: Final = lazy_pattern(rf"(\$steps\.[\w\-]+)\.(?:output|out|result|{KEPT_WORDS})(?=\.)")
_FIRST: Final = lazy_pattern(r"\$([\w\-]+)(?=\.)")
# an output of a workflow that this one depends on, as other engines name it
_DEPENDENCY: Final = lazy_pattern(r"\$dependenc(?:y|ies)\.([\w\-]+)\.(?:outputs\.)?(?=[\w\-])")
# the content of an answer as clients of HTTP name it
_CONTENT: Final = lazy_pattern(r"(\$(?:request|response))\.json(?:\(\))?(?=[.\[#/]|$)")
# a request and an answer, and their parts, in other words or another case
_MESSAGE: Final = lazy_pattern(
    r"\$(?:(?P<answer>res(?:p|ponses?)?)|req(?:uests?)?)(?:\.(?P<part>body|header)(?P<several>s?))?(?=[.\[#/]|$)",
    re.IGNORECASE,
)
_POINTER: Final = lazy_pattern(r"(\$(?:request|response))(?=#/)")
_HEADER: Final = lazy_pattern(r"(\$(?:request|response|message))\.headers?(?:#/|/)([!#$%&*+\-.^_`|~0-9A-Za-z]+)")
# an answer in the outputs of the step that gets it: without the sign, in braces of templates, or by a JSONPath
_BRACES: Final = lazy_pattern(r"\$?\{\{\s*(.*?)\s*\}\}|[$#@%]\{\s*(.*?)\s*\}|\$\(\s*(.*?)\s*\)|<%[=\-]?\s*(.*?)\s*-?%>")
_ANSWER: Final = lazy_pattern(
    r"\$?(?:res(?:p|ponse)?\.)?(body(?:[.\[#].*)?|headers?[.\[].+)|\$?response\.(json(?:[.\[].*)?)"
)
# what other engines have of an answer beside its body and its status, or call its body: it may be no member of it
BESIDE_BODY: Final = (
    r"(?i:body|headers?|cookies?|query|path|url|method|request|code|ok|time\w*|duration|data|json|text|content|payload"
    r"|statuscode|is_?success\w*)"
)
_MEMBER: Final = lazy_pattern(rf"response\.(?!(?:{BESIDE_BODY}|status\w*)\b)([A-Za-z_][\w.\[\]\-]*)")
_JSONPATH: Final = lazy_pattern(r"\$(?=$|\.[A-Za-z_$@*\[]|\[)")
# `.items[0].id`, as `jq` has it, and no end of the name of a file
_OF_JQ: Final = lazy_pattern(
    r"\.(?!(?i:[a-z]{1,4}\d|7z|avi|bmp|csv|css|docx?|exe|gif|gz|html?|ico|jar|jpe?g|js|json|log|md|mov|pdf|png|pptx?|py"
    r"|rtf|sql|svg|tar|tgz|tiff?|toml|ts|txt|wav|webp|xlsx?|xml|ya?ml|zip)$)"
    r"(?:[A-Za-z_][\w.\-\[\]]*|\[[\w.\-\[\]]+)"
)
# `$json.id`, `$node.order.json.id`, `$node["order"].json.id`
_NODE: Final = lazy_pattern(
    r"\$(?:node(?:\.|\[['\"])(?P<id>[\w\-]+)(?:['\"]\])?\.)?json(?P<parts>(?:[.\[][A-Za-z0-9_\-.\[\]'\"]*)?)"
)
_UNSIGNED: Final = lazy_pattern(r"(?:inputs|steps|workflows)\.[\w\-]")


def name_root(text: str, names: Names) -> str | None:
    """``$input.a``, ``$steps['s'].outputs.o`` and ``$s.outputs.o`` are ``$inputs.a`` and ``$steps.s.outputs.o``."""
    if names.know_text(text) or _has_two_readings(text, names):
        return None
    # `$steps->find->outputs->id`, as PHP names members
    changed = _ROOT.sub(lambda match: _ROOTS[match[1].casefold()], text.replace("->", "."), count=1)
    if _OF_NAMES.match(changed):
        before, sign, pointer = changed.partition("#")
        changed = _IN_BRACKETS.sub(r".\2", before) + sign + pointer
    changed = _DEPENDENCY.sub(r"$workflows.\1.outputs.", changed, count=1)
    changed = _OF_STEP.sub(r"\1.outputs", changed, count=1)
    first = _FIRST.match(changed)
    if first is not None and first[1] in names.steps:
        changed = f"$steps.{changed[1:]}"
    return _known(changed, names) if changed != text else None


def _has_two_readings(text: str, names: Names) -> bool:
    """Whether a text begins with a word that is two of the id of a step, the name of an input, and nearly a root."""
    first = _FIRST.match(text)
    if first is None or text.startswith(f"${first[1]}.outputs."):
        return False
    meant = [first[1] in names.steps, first[1] in (names.inputs or ()), _NEAR_ROOT.match(text) is not None]
    return meant.count(True) > 1


def name_unquoted(value: dict[str, JsonValue], names: Names) -> str | None:
    """``{$inputs.token}``, an object of YAML, is ``$inputs.token``: no API has such a member."""
    text = unquoted(value)
    if text is None or len(value) > 1:
        return None
    return _known(text[1:-1], names) or name_root(text[1:-1], names)


def name_message(text: str, names: Names) -> str | None:
    """``$response.json.id``, ``$responses.Body.id``, ``$response.header#/Location`` are of a body and a header."""
    is_step = text[1:].partition(".")[0] in names.steps
    meant = text if is_step or not text.startswith("$") else _MESSAGE.sub(_written, text, count=1)
    found = _in_body_or_header(meant) or meant
    return found if found != text else None


def _written(match: re.Match[str]) -> str:
    root = "$response" if match["answer"] else "$request"
    # several headers are told by their name
    return f"{root}.{match['part'].casefold()}{match['several'] or ''}" if match["part"] else root


def _in_body_or_header(text: str) -> str | None:
    header = _HEADER.fullmatch(text)
    if header is not None:
        return f"{header[1]}.header.{header[2]}"
    changed = _POINTER.sub(r"\1.body", _CONTENT.sub(r"\1.body", text, count=1), count=1)
    return changed if changed != text else None


def name_answer(text: str, names: Names) -> str | None:
    """``$.id``, ``.id``, ``body.id``, ``jsonpath "$.id"`` and ``${response.body.id}`` are ``$response.body.id``."""
    within = _BRACES.fullmatch(text.removeprefix("=") if text.startswith("={{") else text)
    inner = text if within is None else next(filter(None, within.groups()), "")
    if within is None and _UNSIGNED.match(inner):
        meant = _known(f"${inner}", names)
        return None if meant is None or _names_no_step(meant, names) else meant
    if names.own is None:
        return None
    if path := captured(inner) or as_value(inner) or _of_node(inner, names.own.step_id) or _path_in_body(inner):
        return path
    if re.fullmatch(r"\$?statusCode", inner) and inner != text:
        return "$statusCode"
    if member := _MEMBER.fullmatch(inner):
        return f"$response.body.{member[1]}"
    found = _ANSWER.fullmatch(inner)
    meant = None if found is None else f"$response.{found[1] or found[2]}"
    return meant if meant != text and inner not in {"body", "headers"} else None


def _of_node(text: str, step_id: str) -> str | None:
    """Return the part of the answer that an automation tool names by its own node, or by what came last."""
    match = _NODE.fullmatch(text)
    if match is None or (match["id"] or step_id) != step_id:
        return None
    return f"$response.body{match['parts']}"


def _path_in_body(text: str) -> str | None:
    """Return the part of the answer that a path names, as JSONPath or ``jq`` writes it."""
    if _JSONPATH.match(text):
        return f"$response.body{text[1:]}"
    if _OF_JQ.fullmatch(text):
        return f"$response.body{text[1:] if text.startswith('.[') else text}"
    return None


def as_expression(output: JsonValue, names: Names) -> str:
    """Return an output as it is read when it is written in another way, empty when it is no text."""
    text = output if isinstance(output, str) else ""
    for correct in (name_answer, name_message, correct_header, correct_status, name_members, name_part):
        text = text if names.know_text(text) and not names_oddly(text) else correct(text, names) or text
    return text


def _names_no_step(text: str, names: Names) -> bool:
    return text.startswith("$steps.") and text.split(".")[1] not in names.steps


def _known(text: str, names: Names) -> str | None:
    return text if names.know_text(text) else correct_expression(text, names)
