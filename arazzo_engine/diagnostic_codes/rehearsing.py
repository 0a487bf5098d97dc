"""The rules on what a rehearsal is told: which step answers what.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "answer-invalid": Code(
        summary="an answer that a rehearsal, or a run in doubt, is given cannot be used as it is written",
        why="an answer has `status`, `headers`, `body`; those of a rehearsal stand by step, with `delay` or `error`",
        fix="write it as `arazzo schema answers` says, or without the step for a run in doubt",
        example=Example(Home.INPUTS, "find: { status: created }", "find: { status: 200 }"),
        kind="usage",
    ),
    "answer-unused": Code(
        summary="a step that a rehearsal was told how to answer asked for nothing",
        why="what is said of a step that is not come to shows nothing",
        fix="look where the steps before it lead, or name another step",
        example=Example(Home.COMMAND, "--fail find=404 --fail charge=402", "--fail charge=402"),
        severity="warning",
        kind="usage",
    ),
    "scenario-invalid": Code(
        summary="a scenario cannot be used as it is written",
        why="a scenario names its document, what is given to a run of it, and what is expected of that",
        fix="write it as `arazzo schema scenario` says",
        example=Example(Home.INPUTS, "outcome: success", "outcome: succeeded"),
        kind="usage",
    ),
}
