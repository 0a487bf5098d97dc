"""The rules on where a run can go: dependencies, actions, and what has run where.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "dependency-cycle": Code(
        summary="workflows or steps depend on each other in a circle",
        why="each waits for the other to be completed first, so none can start",
        clause="Arazzo 1.1.0, Workflow Object, dependsOn",
        fix="remove one of the dependencies",
        example=Example(Home.DOCUMENT, "- workflowId: order\n  dependsOn: [order]", "- workflowId: order"),
    ),
    "dependency-not-completed": Code(
        summary="a step was reached before a step it depends on had completed",
        why=("`dependsOn` lists steps that must be completed before the step can be executed, and runs none of them"),
        clause="Arazzo 1.1.0, Step Object, dependsOn",
        fix="make sure that every way to the step leads through the step it depends on",
        example=Example(Home.DOCUMENT, "dependsOn: [find]", "dependsOn: []"),
        kind="run",
    ),
    "failed-step-output": Code(
        summary="a step reads an output of a step that has failed on every way to it",
        why="a step that failed has no outputs, so this request cannot be built",
        clause="Arazzo 1.1.0, Step Object, outputs",
        fix="read an output of a step that has succeeded there, or an input",
        example=Example(
            Home.DOCUMENT,
            "note: $steps.charge.outputs.receipt",
            "note: $steps.find.outputs.id",
        ),
        severity="warning",
    ),
    "nesting-limit": Code(
        summary="workflows called each other deeper than the limit",
        why="nesting is bounded so that a workflow that calls itself ends",
        fix="let the workflow call another one, or stop calling itself under a condition",
        example=Example(Home.DOCUMENT, "- stepId: again\n  workflowId: order", "- stepId: again\n  workflowId: other"),
        kind="run",
    ),
    "output-never-assigned": Code(
        summary="an output of a workflow reads a step that no way to its end has run",
        why="a step that has not run has no outputs, so the workflow never has this one",
        clause="Arazzo 1.1.0, Workflow Object, outputs",
        fix="lead a way to the step, or take the value from one that runs",
        example=Example(
            Home.DOCUMENT, "receipt: $steps.refund.outputs.receipt", "receipt: $steps.charge.outputs.receipt"
        ),
        severity="warning",
    ),
    "step-left-out": Code(
        summary="a step reads an output of a step that has not run on some way to it",
        why="the run can come here without that step, and this one then fails before it sends anything",
        clause="Arazzo 1.1.0, Step Dependencies and Execution Order",
        fix="lead that way to another step, or read what every way to the step has",
        example=Example(Home.DOCUMENT, "note: $steps.price.outputs.price", "note: $steps.find.outputs.price"),
        severity="warning",
    ),
    "step-limit": Code(
        summary="the run executed more steps than the limit",
        why="the number of steps is bounded so that a loop in a workflow ends",
        fix="look for a loop of `goto` or `retry`, or raise the limit with `--max-steps`",
        example=Example(Home.COMMAND, "--max-steps 1", "--max-steps 10"),
        kind="run",
    ),
}
