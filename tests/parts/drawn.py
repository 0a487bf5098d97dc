"""Documents, and answers to their requests, drawn by Hypothesis: steps, actions, called workflows, dependencies."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from scripted import DOWN, OneSource, answer, document, step, workflow

from arazzo_engine.documents.reading import read_document
from arazzo_engine.world.preparing import check_document

_STEPS = "abcd"
_CRITERIA = st.sampled_from([[], [{"condition": "$statusCode >= 500"}], [{"condition": "$response.body#/n > 1"}]])


@st.composite
def _actions(draw: st.DrawFn, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    actions = []
    for number in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(kinds))
        action: dict[str, Any] = {"name": f"action{number}", "type": kind, "criteria": draw(_CRITERIA)}
        if kind == "goto":
            action |= draw(st.sampled_from([{"stepId": name} for name in _STEPS] + [{"workflowId": "other"}]))
        if kind == "retry":
            action |= {"retryAfter": draw(st.integers(0, 2)), "retryLimit": draw(st.integers(0, 2))}
            action |= draw(st.sampled_from([{}, {"stepId": "d"}, {"workflowId": "other"}]))
        actions.append(action)
    return actions


def _dependencies(draw: st.DrawFn) -> dict[str, list[str]]:
    """Draw what each step depends on; no circle, because each depends only on those after it in one order."""
    order = draw(st.permutations(_STEPS))
    later = {name: order[index + 1 :] for index, name in enumerate(order[:-1])}
    wanted = later if draw(st.booleans()) else {}
    return {name: draw(st.lists(st.sampled_from(each), max_size=2, unique=True)) for name, each in wanted.items()}


@st.composite
def documents(draw: st.DrawFn) -> str:
    steps = [
        step(
            name,
            outputs={"n": "$response.body#/n"},
            onSuccess=draw(_actions(("goto", "end"))),
            onFailure=draw(_actions(("goto", "end", "retry"))),
        )
        for name in _STEPS
    ]
    if draw(st.booleans()):
        timeout = draw(st.sampled_from([{}, {"timeout": 1}, {"timeout": 2500}]))
        steps.insert(draw(st.integers(0, 4)), {"stepId": "call", "workflowId": "other", **timeout})
    needs = _dependencies(draw)
    for each in steps:
        if needs.get(each["stepId"]):
            each["dependsOn"] = needs[each["stepId"]]
    other = workflow(step("e", outputs={"n": "$response.body#/n"}), name="other", outputs={"n": "$steps.e.outputs.n"})
    text = document(workflow(*steps, outputs={"n": "$steps.d.outputs.n"}), other)
    # a loop that not even a failure leads out of is refused
    problems = check_document(read_document(text, "file:///main.json"), OneSource()).errors
    assume("endless-loop" not in {each.code for each in problems})
    return text


_ANSWERS = st.lists(
    st.sampled_from([answer(200, {"n": 1}), answer(200, {"n": 2}), answer(500), answer(503, Retry_After="3"), DOWN]),
    min_size=1,
    max_size=4,
)
SCRIPTS = st.fixed_dictionaries(dict.fromkeys("abcde", _ANSWERS))
