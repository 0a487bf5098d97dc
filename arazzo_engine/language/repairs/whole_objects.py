"""Repairs of expressions that name all inputs or outputs at once, or reach one of them by way of all.

``$steps.s.outputs`` is the object of that step's outputs, each by its own expression. What names one of them by a
pointer, a bracket or its workflow is the expression of that one. Only what is declared is
written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.language.templates import VALUE
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.repairs.names import Names

_ALL: Final = r"\$(?:inputs|outputs|steps\.[\w\-]+\.outputs|workflows\.[\w\-]+\.outputs)"
# what inputs there are is another question: one that is not declared may be given
_OF_STEPS: Final = lazy_pattern(r"\$(?:steps|workflows)\.[\w\-]+\.outputs")
WHOLE: Final = lazy_pattern(_ALL)
_MEMBER: Final = lazy_pattern(
    rf"(?P<all>{_ALL})\.?(?:#?/(?P<name>[\w.\-]+)(?P<pointer>(?:/.*)?)"
    r"|\[(?:'(?P<single>[\w.\-]+)'|\"(?P<double>[\w.\-]+)\")\](?P<rest>.*))",
    re.DOTALL,
)
_OWN_STEP: Final = lazy_pattern(
    r"\$workflows?\.(?:(?P<workflow>[\w\-]+)\.)?(?P<rest>(?:steps\.[\w\-]+\.outputs|inputs)\..+)"
)
_SELECTED: Final = lazy_pattern(r"\$(?:\.(?P<name>[A-Za-z_]\w*)|\['(?P<quoted>[^'\\]+)'\])(?P<rest>.*)", re.DOTALL)
# a filter that asks whether one part is there
_FILTERED: Final = lazy_pattern(r"\$\[\?\s*\(?\s*[@$]([^=<>!&|()]*?)\s*\)?\s*\]")
_MOST: Final = 200


def write_members(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$steps.s.outputs`` is ``{a: $steps.s.outputs.a, b: $steps.s.outputs.b}``."""
    if not WHOLE.fullmatch(text):
        return None
    known = names.all_of(text)
    if known is None or len(known) > _MOST:
        return None
    return {name: f"{text}.{name}" for name in known}


def write_output(text: str, names: Names) -> dict[str, JsonValue] | None:
    """The same where an expression must stand: an object, by the engine's own extension."""
    members = write_members(text, names)
    return None if members is None else {VALUE: members}


def write_nothing(text: str, names: Names) -> dict[str, JsonValue] | None:
    """``$steps.s.outputs`` is ``{}`` where the step has no outputs."""
    return {} if _OF_STEPS.fullmatch(text) and names.has_none(text) else None


def write_no_output(text: str, names: Names) -> dict[str, JsonValue] | None:
    """The same where an expression must stand."""
    members = write_nothing(text, names)
    return None if members is None else {VALUE: members}


def name_member(text: str, names: Names) -> str | None:
    """``$steps.s.outputs#/a/b`` is ``$steps.s.outputs.a#/b``, and ``$inputs['a']`` is ``$inputs.a``."""
    match = _MEMBER.fullmatch(text)
    if match is None:
        return None
    name = match["name"] or match["single"] or match["double"]
    rest = f"#{match['pointer']}" if match["pointer"] else match["rest"] or ""
    written = f"{match['all']}.{name}"
    return written + rest if names.know_text(written) else None


def name_within(text: str, names: Names) -> str | None:
    """``$workflows.w.steps.s.outputs.a`` within ``w`` is ``$steps.s.outputs.a``, elsewhere an output of ``w``."""
    match = _OWN_STEP.fullmatch(text)
    # the inputs of a workflow have an expression of their own
    if match is None or (match["rest"].startswith("inputs") and text.startswith("$workflows.")):
        return None
    if match["workflow"] in {None, names.workflow}:
        written = f"${match['rest']}"
    else:
        step, sign, pointer = match["rest"].partition("#")
        written = names.aliases.get((match["workflow"], f"${step}"), "") + sign + pointer
    return written if names.know_text(written) else None


def ask_one(criterion: dict[str, JsonValue], names: Names) -> dict[str, JsonValue] | None:
    """``$.a[0]`` of ``$inputs`` asks ``$[0]`` of ``$inputs.a``, and ``$[?@.a]`` whether there is one."""
    context, text = criterion.get("context"), criterion.get("condition")
    if not isinstance(context, str) or not isinstance(text, str) or criterion.get("type") != "jsonpath":
        return None
    context = context.removeprefix("{").removesuffix("}")
    match = _SELECTED.fullmatch(_FILTERED.sub(r"$\1", text))
    if not WHOLE.fullmatch(context) or match is None or re.search(r"[=<>!&|]", match["rest"]):
        return None
    written = f"{context}.{match['name'] or match['quoted']}"
    if not names.know_text(written):
        return None
    if match["rest"]:
        return {**criterion, "context": written, "condition": f"${match['rest']}"}
    kept = {name: each for name, each in criterion.items() if name not in {"context", "type"}}
    return {**kept, "condition": f"{written} != null"}


def select_within(selector: dict[str, JsonValue], names: Names) -> JsonValue:
    """``$.a[0]`` of ``$steps.s.outputs`` is ``$[0]`` of ``$steps.s.outputs.a``, and ``$.a`` that expression itself.

    So is the pointer ``/a``.
    """
    context, text = selector.get("context"), selector.get("selector")
    if not isinstance(context, str) or not isinstance(text, str) or not WHOLE.fullmatch(context):
        return None
    if selector.get("type") == "jsonpointer":
        return name_member(f"{context}#{text}", names) if text.startswith("/") else None
    match = _SELECTED.fullmatch(text) if selector.get("type") == "jsonpath" else None
    if match is None:
        return None
    written = f"{context}.{match['name'] or match['quoted']}"
    if not names.know_text(written):
        return None
    return {**selector, "context": written, "selector": f"${match['rest']}"} if match["rest"] else written
