"""Outputs that are a text, where an output is an expression: `result.Id`, `token`, `$(jq -r .token)`.

Decides what to write instead, by what the answer is described to have: a name that it has not is named nowhere in a
fix. "A map between a friendly name and a dynamic output value defined using a runtime expression": a text is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.apis.schemas.leads import follow
from arazzo_engine.diagnostics import Diagnostic, diagnose
from arazzo_engine.documents.editing.nodes import Style
from arazzo_engine.documents.editing.scalars import write_scalar
from arazzo_engine.documents.pointers import parse_pointer, render_pointer
from arazzo_engine.language.conditions.library_values import as_selector, as_value
from arazzo_engine.language.expressions.grammar import read_expression
from arazzo_engine.language.expressions.mistakes import as_pointer, fix_names
from arazzo_engine.language.templates import LENGTH, ONE, SELECTS, VALUE, Literal
from arazzo_engine.patterns import lazy_pattern
from arazzo_engine.spelling import same_letters
from arazzo_engine.validation.types.yields import Seen, yields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.apis.linking.linked import LinkedDescription, LinkedStep, LinkedWorkflow
    from arazzo_engine.apis.schemas.alternatives import Alternatives, Known
    from arazzo_engine.documents.document import Place
    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.language.templates import Template

# what no expression begins with, and every JSONPath does
_JSON_PATH: Final = lazy_pattern(r"\$(?:[.\[]|$)")
_COMMAND: Final = ("${", "$(")
# `response.data.id`, `res.text()`
_OF_ANSWER: Final = lazy_pattern(r"(?:pm\.)?(?:response|resp?|r)\.(?P<rest>[A-Za-z_][\w.\[\]]*(?:\(\))?)")
# `data.items[0].id`, which may be a part of an answer
_OF_MEMBERS: Final = lazy_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*")
_WHOLE: Final = "$response.body"
_OF_STEP: Final = "$steps.<stepId>.outputs.<name>"


def told_outputs(workflow: LinkedWorkflow, linked: LinkedDescription, told: set[Pointer]) -> Iterator[Diagnostic]:
    """Yield a finding for each output that is a text, but for those that are told already."""
    for step in workflow.steps:
        for text, at in _texts_of(step.step.outputs):
            if at.pointer not in told:
                yield _told(text, at, _in_place_of(text, step, workflow, linked))
    for text, at in _texts_of(workflow.workflow.outputs):
        if at.pointer not in told:
            is_path = _JSON_PATH.match(text) is not None
            yield _told(text, at, f"write `{_OF_STEP}`" if is_path else f"write an expression, such as `{_OF_STEP}`")


def _texts_of(outputs: Mapping[str, Template] | None) -> Iterator[tuple[str, Place]]:
    for template in (outputs or {}).values():
        text = template.value if isinstance(template, Literal) else None
        if isinstance(text, str) and _is_untold(text) and not _is_meant(template.at):
            yield text, template.at


def _is_untold(text: str) -> bool:
    """Whether a text was not told when it was read, as one that begins with `$` was, or is an amount of money."""
    return not text.startswith("$") or text.startswith(_COMMAND) or _JSON_PATH.match(text) is not None


def _is_meant(at: Place) -> bool:
    """Whether an output says by the extension of this engine that it is a constant."""
    written = at.document.content.at(at.pointer)
    return isinstance(written, dict) and VALUE in written


def _told(text: str, at: Place, fix: str) -> Diagnostic:
    if _JSON_PATH.match(text):
        message = f"`{text}` is text here, and is the output as it is"
        return diagnose("expression-as-text", message, at.location(), fix=fix)
    message = f"`{text}` is the output as it is, whatever comes"
    return diagnose("output-constant", message, at.location(), fix=fix)


def _in_place_of(text: str, step: LinkedStep, workflow: LinkedWorkflow, linked: LinkedDescription) -> str:
    if _JSON_PATH.match(text):
        return _in_place_of_path(text, workflow)
    if selector := as_selector(text):
        return _selecting(*selector)
    if value := as_value(text):
        return f"write `{value}`"
    answer = _OF_ANSWER.fullmatch(text)
    if answer is not None and (fix := fix_names(f"$response.{answer['rest']}", "$response", _WHOLE)):
        return fix
    return _in_place_of_members(text, step, workflow, linked)


def _selecting(pointer: str, query: str, how: str) -> str:
    """Return how an element from the end, or how many there are, is selected of the answer."""
    context = f"{_WHOLE}#{pointer}" if pointer else _WHOLE
    type_ = "jsonpath" if query else "jsonpointer"
    selector = write_scalar(query, Style.SINGLE, in_flow=True)
    selects = LENGTH if how == LENGTH else ONE
    return f"write `{{context: {context}, selector: {selector}, type: {type_}, {SELECTS}: {selects}}}`"


def _in_place_of_members(text: str, step: LinkedStep, workflow: LinkedWorkflow, linked: LinkedDescription) -> str:
    written = as_pointer(f".{text}") if _OF_MEMBERS.fullmatch(text) else ""
    tokens = parse_pointer(written) if written else ()
    yields = yields_of(linked)
    known = yields.of(read_expression(_WHOLE), Seen(workflow).after(step))
    # a program has the answer, or what it holds, under a name of its own: `result.Id`, `book.id`
    for tried in (tokens, tokens[1:]) if known else ():
        if tried and (found := _described(tried, known, yields.schemas)):
            return f"write `{_WHOLE}#{render_pointer(found)}`"
    is_open = len(tokens) > 1 and not any(each.names for each in known)
    return f"write an expression, such as `{f'{_WHOLE}#{written}' if is_open else _WHOLE}`"


def _described(tokens: Pointer, known: Known, schemas: Alternatives) -> Pointer:
    """Return the described members of these letters, one in the other; nothing where one is not described."""
    found: list[str] = []
    for token in tokens:
        names = {name for each in known for name in each.names}
        meant = [name for name in names if name == token] or [name for name in names if same_letters(name, token)]
        if not token.isdecimal() and len(meant) != 1:
            return ()
        found.append(meant[0] if meant else token)
        known = follow(known, (found[-1],), schemas).known
    return tuple(found)


def _in_place_of_path(text: str, workflow: LinkedWorkflow) -> str:
    pointer = as_pointer(text[1:])
    if text == "$" or pointer:
        return f"write `{_WHOLE}#{pointer}`" if pointer else f"write `{_WHOLE}`"
    if workflow.description.version.startswith("1.0"):
        return f"name one place of it by a JSON Pointer, as `{_WHOLE}#/items/0/id` does: no expression names several"
    return f"write `{{context: {_WHOLE}, selector: {write_scalar(text, Style.SINGLE, in_flow=True)}, type: jsonpath}}`"
