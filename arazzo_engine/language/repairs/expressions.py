"""Repairs of runtime expressions: parts of values without a pointer, words left out, prose, missing braces.

Each function takes a text and the names that exist, and returns the text as it should have been, or ``None``. What it
returns names something that exists; where two readings do, nothing is repaired.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.computations import find_computation, instead_of_call
from arazzo_engine.language.expressions.grammar import is_expression, looks_like_expression
from arazzo_engine.language.expressions.mistakes import is_length, message_of_step
from arazzo_engine.language.repairs.whole_objects import name_within
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arazzo_engine.language.repairs.names import Names

_PART: Final = lazy_pattern(r"\.(?!\$[.\[])([\w\-$@]+)|\[(\d+)\]|\['([^']*)'\]|\[:([A-Za-z_]\w*)\]")
_PARTS: Final = lazy_pattern(rf"(?:{_PART.pattern})*")
# each of them may be where a name ends
_MOST_PARTS: Final = 50
_MESSAGE: Final = lazy_pattern(r"\$(?:request\.body|response\.body|message\.payload)")
# everything that stands before the name of a value in which there can be parts
_NAMED: Final = lazy_pattern(
    r"\$(?:inputs|outputs|steps\.[\w\-]+\.outputs|workflows\.[\w\-]+\.(?:inputs|outputs))(?=\.[\w\-$@])"
)
_HASH: Final = lazy_pattern(r"#\.?(?=[\w\-])([\w\-]+(?:/[\w\-]+)*)")
_HEADERS: Final = lazy_pattern(r"(\$(?:request|response|message))\.headers\.")
_IN_BRACKETS: Final = lazy_pattern(
    r"(\$(?:request|response|message))\.headers?\[(['\"]?)([!#$%&*+\-.^_`|~0-9A-Za-z]+)\2\]"
)
DOTTED: Final = r"\$\.(?=(?:inputs|outputs|steps|workflows|sourceDescriptions|request|response)[.\[])"
_DOTTED: Final = lazy_pattern(DOTTED)
_STATUS: Final = lazy_pattern(r"\$response\.(?:status|statusCode|status_code|code)|\$status|\$status_code")
_STEP_ALONE: Final = lazy_pattern(r"(?:\{?\$?steps\.|#/steps/)(?P<step>[\w\-]+)\}?")
_OF_STEP: Final = lazy_pattern(r"\$steps\.([\w\-]+)\.outputs\.")
# a word right behind a step, which may be a member of what it got
_BEHIND_STEP: Final = lazy_pattern(r"\$steps\.(?P<step>[\w\-]+)\.(?!outputs\b)(?P<name>[\w\-]+)")
_STEP: Final = lazy_pattern(r"(\$steps\.[\w\-]+)\.(?!outputs(?:[.#\[/]|$))(?=[\w\-])")
_PROSE: Final = lazy_pattern(r"(\$[^\s#]+(?:#/[^\s]*)?)\s+\([^()]*\)")
_SOURCE: Final = lazy_pattern(r"(\{?\$sourceDescriptions\.)([\w\-]+)")
_BEHIND_SOURCE: Final = lazy_pattern(r"^#(?=\w)")
_BARE: Final = lazy_pattern(
    r"\$(?:inputs\.[A-Za-z0-9_\-]+|(?:steps|workflows)\.[A-Za-z0-9_\-]+\.outputs\.[A-Za-z0-9_\-]+)"
)
_WORKFLOW: Final = lazy_pattern(
    r"(?:\$(?:sourceDescriptions\.(?P<source>[\w\-]+)\.)?workflows\.|#?/workflows/)(?P<workflow>[\w\-]+)"
)
# a source and a workflow in a form of its own: `trips.book`, `trips#book`, `{$sourceDescriptions.trips}.book`
_OF_SOURCE: Final = lazy_pattern(
    r"(?:\{?\$sourceDescriptions\.|\$)?(?P<source>[\w\-]+)(?:\.url)?\}?[.#/:]/?(?:workflow(?:s|Ids?)[./])?(?P<workflow>[\w\-]+)"
)
_BY_INDEX: Final = lazy_pattern(r"\bworkflows[./]\d+$")
_QUALIFIED: Final = lazy_pattern(r"\$sourceDescriptions\.(?P<source>[\w\-]+)\.(?P<workflow>[\w\-]+)")
# an output of another document's workflow, within a text
_OF_SOURCE_IN_TEXT: Final = r"\$sourceDescriptions(?:\.[\w\-]+)+\.outputs\.[\w\-]+"
# the same, and an output of a step that is named without the word
_BARE_OR_SHORT: Final = lazy_pattern(
    rf"{_BARE.pattern}|\$steps\.[A-Za-z0-9_\-]+\.(?!outputs\b)[A-Za-z0-9_\-]+|{_OF_SOURCE_IN_TEXT}"
)
_BY_ID: Final = lazy_pattern(r"\$(?P<what>steps|workflows)\.(?P<id>[\w\-]+)(?=\.)")
# what is read of the workflow that a step calls, without its id
_OF_CALLED: Final = lazy_pattern(r"\$workflows?\.outputs\.([\w\-]+)")
# `{ $inputs.token }`: the braces are there, and blanks in them
_SPACED: Final = lazy_pattern(r"(?<![{$#])\{\s+(\$[^\s{}]+)\s*\}(?!\})")
# what stands before an expression in the braces of other tools, which are not for this row
_IN_MARKS: Final = lazy_pattern(r"(?:[{]|\$\(|<%[=\-]?|\[\[|<<)\s*$")
_LONGEST_MARKS: Final = 10
_EMBEDDED: Final = lazy_pattern(r"\{(\$[^{}]*)\}")
_SEVERAL: Final = 2
# what would make more than one reading: the expression could go on
_GOES_ON: Final = lazy_pattern(r"[.\[#]?[\w\[{]|[.#]/?[\w\-]|[\]}]")

_LONE_NAME: Final = lazy_pattern(r"\$steps\.(?P<name>[\w\-]+)(?P<rest>(?:#/.*)?)", re.DOTALL)


def name_members(text: str, names: Names) -> str | None:
    """``$steps.s.outputs.o.a[0]`` is ``$steps.s.outputs.o#/a/0``: a part is named by a JSON Pointer."""
    if names.know_text(text):
        return None
    if is_length(text):
        return None  # a member of that name, or the number of elements
    readings = [each for each in _readings(text) if names.know_text(each)]
    step = _OF_STEP.match(text)
    is_of_nothing = step is not None and step[1] not in names.steps
    is_of_nothing = is_of_nothing or (text.startswith("$outputs.") and not names.has_outputs)
    return readings[0] if len(readings) == 1 or (readings and is_of_nothing) else None


def add_outputs(text: str, names: Names) -> str | None:
    """``$steps.s.o`` is ``$steps.s.outputs.o``: a step has outputs only."""
    if names.know_text(text):
        return None
    changed = _STEP.sub(r"\1.outputs.", text, count=1)
    return changed if changed != text else None


def correct_header(text: str, _names: Names) -> str | None:
    """``$response.headers.x`` and ``$response.header['x']`` are ``$response.header.x``."""
    changed = _HEADERS.sub(r"\1.header.", text, count=1)
    changed = _IN_BRACKETS.sub(r"\1.header.\3", changed, count=1)
    return changed if changed != text else None


def correct_status(text: str, _names: Names) -> str | None:
    """``$response.status`` is ``$statusCode``."""
    return "$statusCode" if _STATUS.fullmatch(text) else None


def correct_root(text: str, names: Names) -> str | None:
    """``$workflow.w.outputs.o`` is ``$workflows.w.outputs.o``."""
    changed = re.sub(r"^\$workflow(?=\.)", "$workflows", text)
    return changed if changed != text and names.know_text(changed) else None


def name_called_output(text: str, names: Names) -> str | None:
    """``$workflow.outputs.o`` of a step that calls a workflow with the output ``o`` is ``$outputs.o``."""
    match = _OF_CALLED.match(text)
    # a workflow may be named so
    if match is None or match[1] not in (names.outputs or ()) or "outputs" in names.workflows:
        return None
    changed = f"$outputs.{match[1]}{text[match.end() :]}"
    return changed if names.know_text(changed) else name_members(changed, names)


def drop_dot(text: str, _names: Names) -> str | None:
    """``$.inputs.a`` is ``$inputs.a``: the sign stands before the word; ``$.url`` may be a member of an answer."""
    match = _DOTTED.match(text)
    return f"${text[match.end() :]}" if match else None


def drop_prose(text: str, _names: Names) -> str | None:
    """``$steps.s.outputs.o (optional)`` is ``$steps.s.outputs.o``: a remark is no part of an expression."""
    match = _PROSE.fullmatch(text.strip())
    return match[1] if match else None


def correct_source(text: str, names: Names) -> str | None:
    """``$sourceDescriptions.userAPI.x`` is ``$sourceDescriptions.User API.x``, when that is the only such source."""
    match = _SOURCE.match(text)
    if match is None or any(text.startswith(match[1] + each) for each in names.sources if len(each) >= len(match[2])):
        return None
    found = names.source(match[2])
    # the id of an operation stands behind a dot
    return None if found is None else match[1] + found + _BEHIND_SOURCE.sub(".", text[match.end() :])


def name_workflow(text: str, names: Names) -> str | None:
    """``$sourceDescriptions.trips.workflows.book`` is ``$sourceDescriptions.trips.book``; so is ``trips.book``.

    ``#/workflows/book`` is ``book``.
    """
    if _BY_INDEX.search(text):
        return None  # which that is, linking knows
    match = _WORKFLOW.fullmatch(text)
    if match is None:
        return _with_source(text, names)
    if match["source"] is None:
        return match["workflow"] if match["workflow"] in names.workflows else None
    return f"$sourceDescriptions.{match['source']}.{match['workflow']}" if match["source"] in names.sources else None


def _with_source(text: str, names: Names) -> str | None:
    match = _OF_SOURCE.fullmatch(text)
    is_named = match is not None and match["source"] in names.sources and match["source"] not in names.apis
    if match is None or not is_named or text in names.workflows:
        return None
    written = f"$sourceDescriptions.{match['source']}.{match['workflow']}"
    return None if written == text else written


def name_own_workflow(text: str, names: Names) -> str | None:
    """``$sourceDescriptions.shop.order`` is ``order``, where ``shop`` is an API: the workflow is of this document."""
    match = _QUALIFIED.fullmatch(text)
    if match is None or match["source"] not in names.apis:
        return None
    written = names.workflow_ids.in_its_case(match["workflow"]) or match["workflow"]
    return written if written in names.workflows else None


def correct_workflow_id(text: str, names: Names) -> str | None:
    """``Other`` is ``other``, when that is the only such workflow."""
    return names.workflow_ids.in_its_case(text)


def correct_id(text: str, names: Names) -> str | None:
    """``$steps.Find.outputs.id`` is ``$steps.find.outputs.id``, when that is the only such step."""
    match = _BY_ID.match(text)
    if match is None:
        return None
    ids = names.step_ids if match["what"] == "steps" else names.workflow_ids
    written = ids.in_its_case(match["id"])
    return None if written is None else f"${match['what']}.{written}{text[match.end() :]}"


def name_step(text: str, names: Names) -> str | None:
    """``$steps.findItem.outputs.id`` is ``$steps.find.outputs.id``, where ``find`` alone runs the operation."""
    match = _BY_ID.match(text)
    step = names.callers.get(match["id"]) if match is not None and match["what"] == "steps" else None
    return None if match is None or step is None else f"$steps.{step}{text[match.end() :]}"


def name_called(text: str, names: Names) -> str | None:
    """``$sourceDescriptions.trips.book.outputs.id`` is ``$steps.s.outputs.id``, where ``s`` alone calls ``book``."""
    return names.output_called(text)


def name_given(text: str, names: Names) -> str | None:
    """``$steps.s.response.body#/a`` is ``$steps.s.outputs.o``, where that is the output ``o`` of the step."""
    found = message_of_step(text)
    if found is not None and names.own is not None and found[0] == names.own.step_id:
        return f"${text.removeprefix(f'$steps.{found[0]}.')}"  # its outputs are not taken yet
    word = _BEHIND_STEP.match(text)
    if word is not None and word["name"] in (names.steps.get(word["step"]) or ()):
        return None  # an output is called so
    if found is None and word is not None and word.end() == len(text):
        found = word["step"], f"$response.body#/{word['name']}"
    name = None if found is None else names.given.get(found)
    return None if found is None or name is None else f"$steps.{found[0]}.outputs.{name}"


def name_target(text: str, names: Names) -> str | None:
    """``stepId: findItem`` of an action is ``stepId: find``, where ``find`` alone runs the operation."""
    return names.callers.get(text)


def correct_step_id(text: str, names: Names) -> str | None:
    """``stepId: Find`` of an action is ``stepId: find``, when that is the only such step."""
    return names.step_ids.in_its_case(text)


def name_step_alone(text: str, names: Names) -> str | None:
    """``stepId: $steps.find`` of an action is ``stepId: find``."""
    match = _STEP_ALONE.fullmatch(text)
    if match is None or text in names.steps:
        return None
    return match["step"] if match["step"] in names.steps else names.step_ids.in_its_case(match["step"])


def name_owner(text: str, names: Names) -> str | None:
    """``$steps.item`` is ``$steps.find.outputs.item``, where no step has that id and ``find`` alone that output."""
    match = _LONE_NAME.fullmatch(text)
    if match is None or names.step_ids.in_its_case(match["name"]) or match["name"] in names.step_ids:
        return None
    owners = [step for step, outputs in names.steps.items() if outputs is not None and match["name"] in outputs]
    return f"$steps.{owners[0]}.outputs.{match['name']}{match['rest']}" if len(owners) == 1 else None


def add_braces(text: str, names: Names) -> str | None:
    """``Bearer $inputs.token`` is ``Bearer {$inputs.token}``: an expression in a text stands in braces."""
    if looks_like_expression(text) or "$" not in text or find_computation(text) or instead_of_call(text):
        return None
    text = _SPACED.sub(r"\1", text)
    written: list[str] = []
    done = 0
    for match in _BARE_OR_SHORT.finditer(text):
        meant = add_outputs(match[0], names) or name_called(match[0], names) or match[0]
        before = text[max(0, match.start() - _LONGEST_MARKS) : match.start()]
        is_clear = not before.endswith(("$", "\\")) and _IN_MARKS.search(before) is None
        is_meant = names.know_text(meant) or names.may_name_output(meant)
        if is_clear and is_meant and not _GOES_ON.match(text, match.end()):
            written += [text[done : match.start()], "{", meant, "}"]
            done = match.end()
    return "".join([*written, text[done:]]) if written else None


def join_expressions(text: str, names: Names) -> str | None:
    """``$inputs.first $inputs.last`` is ``{$inputs.first} {$inputs.last}``: a text with several values."""
    found = list(_BARE.finditer(text))
    between = _BARE.sub("", text)
    if len(found) < _SEVERAL or found[0].start() != 0 or "$" in between or re.search(r"[{}\[\]#|&=<>]", between):
        return None
    if find_computation(text) is not None:
        return None
    if any(_GOES_ON.match(text, match.end()) or not names.know_text(match[0]) for match in found):
        return None
    return _BARE.sub(lambda match: f"{{{match[0]}}}", text)


def correct_text(text: str, names: Names) -> str | None:
    """Return a text with the expressions in its braces corrected, ``None`` when none is."""
    changed = _EMBEDDED.sub(lambda match: f"{{{correct_expression(match[1], names) or match[1]}}}", text)
    return changed if changed != text else None


def correct_expression(text: str, names: Names) -> str | None:
    """Return the one expression that a text was meant to be, ``None`` when it is one or several could be meant."""
    if names.know_text(text):
        return None
    changed = text
    for correct in _STEPS:
        changed = correct(changed, names) or changed
    is_known = names.know_text(changed) or names.may_name_output(changed)
    return changed if changed != text and is_known else None


_STEPS: Final = (
    *(drop_dot, drop_prose, correct_header, name_within, add_outputs),
    *(correct_source, name_called, name_step, name_members),
)


def _readings(text: str) -> Iterator[str]:
    yield from _readings_of_hash(text)
    match = _MESSAGE.match(text) or _NAMED.match(text)
    if match is None:
        return
    before, pointer = text.partition("#")[::2]
    start = match.end()
    parts = _PARTS.match(before, start)
    if parts is None or parts.end() != len(before) or not _is_pointer(pointer):
        return
    tokens = list(_PART.finditer(before, start))
    if len(tokens) > _MOST_PARTS:
        return
    first = 0 if _MESSAGE.match(text) else 1
    for count in range(first, len(tokens)):
        end = tokens[count].start()
        if "[" not in before[:end]:
            rest = [next(group for group in token.groups() if group is not None) for token in tokens[count:]]
            yield f"{before[:end]}#{render_pointer(rest)}{pointer}"


def _readings_of_hash(text: str) -> Iterator[str]:
    """Yield ``$response.body#/a`` for ``$response.body#a``."""
    before, sign, _ = text.partition("#")
    match = _HASH.fullmatch(text, len(before)) if sign else None
    if match is not None and is_expression(before):
        yield f"{before}#/{match[1]}"


def _is_pointer(text: str) -> bool:
    return not text or (text.startswith("/") and "{" not in text)
