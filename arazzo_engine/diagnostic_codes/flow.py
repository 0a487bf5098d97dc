"""The rules on where a run can go: dependencies, actions, and what has run where.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "action-never-chosen": Code(
        summary="an action of a step can never be chosen",
        why="the first action whose criteria hold is executed, and no other",
        clause="Arazzo 1.1.0, Step Object, onSuccess; onFailure",
        fix="move the action up, change its criteria, or remove it",
        example=Example(
            Home.DOCUMENT,
            "successCriteria:\n- condition: $statusCode == 201\nonFailure:\n- name: again\n  type: retry\n"
            "  retryAfter: 0\n  retryLimit: 1\n  criteria:\n  - condition: $statusCode == 201",
            "successCriteria:\n- condition: $statusCode == 201\nonFailure:\n- name: again\n  type: retry\n"
            "  retryAfter: 0\n  retryLimit: 1\n  criteria:\n  - condition: $statusCode == 503",
        ),
        severity="warning",
    ),
    "criteria-contradictory": Code(
        summary="the success criteria of a step exclude each other",
        why="all assertions must be satisfied, so the step can only fail",
        clause="Arazzo 1.1.0, Step Object, successCriteria",
        fix="write what may be one or the other in one condition, joined by `||`",
        example=Example(
            Home.DOCUMENT,
            "- condition: $statusCode == 200\n- condition: $statusCode == 304",
            "- condition: $statusCode == 200 || $statusCode == 304",
        ),
    ),
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
        example=Example(
            Home.DOCUMENT,
            "onFailure:  # of step `find`; step `charge` has `dependsOn: [find]`\n"
            "- { name: anyway, type: goto, stepId: charge }",
            "onFailure:\n- { name: stop, type: end }",
        ),
        kind="run",
    ),
    "endless-calls": Code(
        summary="workflows call each other in a ring that nothing leads out of",
        why="each waits for the one that it calls, so none can end, and the run is stopped when they nest too deep",
        clause="Arazzo 1.1.0, Step Object, workflowId",
        fix="remove one of the calls, or end one of the workflows by an action before it calls",
        example=Example(Home.DOCUMENT, "- stepId: again\n  workflowId: order", "- stepId: again\n  workflowId: other"),
    ),
    "endless-loop": Code(
        summary="steps follow each other in a loop that nothing leads out of",
        why="a loop ends where criteria lead out of it, or else the run is stopped when it has executed all it may",
        clause="Arazzo 1.1.0, Success Action Object, type",
        fix="give the action that leads back criteria that no longer hold when the loop is done",
        example=Example(
            Home.DOCUMENT,
            "onSuccess:\n- { name: more, type: goto, stepId: charge }",
            "onSuccess:\n- { name: done, type: end }",
        ),
    ),
    "failed-step-output": Code(
        summary="a step reads an output of a step that has failed on every way to it",
        why="a step that failed has no outputs, so this request cannot be built",
        clause="Arazzo 1.1.0, Step Object, outputs",
        fix="read an output of a step that has succeeded there, or an input",
        example=Example(
            Home.DOCUMENT,
            "note: $steps.charge.outputs.receipt  # the way here is an `onFailure` of step `charge`",
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
    "own-output-later": Code(
        summary="a step sends, or is judged by, an output of its own, which it does not have the first time",
        why="until the step has succeeded once there is no value, and what the operation does not require is left out",
        clause="Arazzo 1.1.0, Step Object, outputs",
        fix=(
            "where the first request needs a value, read an input, and go to the workflow again with a parameter;"
            " what says which page is meant is not told, as without it the first one is answered"
        ),
        example=Example(
            Home.DOCUMENT,
            "name: since  # of step `find`, to which an action leads back\nin: query\nvalue: $steps.find.outputs.id",
            "name: since\nin: query\nvalue: $inputs.note",
        ),
        severity="warning",
    ),
    "page-repeated": Code(
        summary="a loop asks for what comes next, and does not send what the answer gives for it",
        why="the request is the same each time, so the answer is, and the loop ends when the run is stopped",
        clause="Arazzo 1.1.0, Success Action Object, type",
        fix="send the output that says what comes next: it is left out the first time, and the first page is asked for",
        example=Example(
            Home.DOCUMENT,
            "- { name: size, in: query, value: 10 }",
            "- { name: cursor, in: query, value: $steps.find.outputs.cursor }",
        ),
        severity="warning",
    ),
    "request-repeated": Code(
        summary="a loop or a retry sends a request again that is not idempotent, though it did what it was for",
        why="each time does again what the request did before: a second order, a second charge",
        clause="RFC 9110, section 9.2.2",
        fix="lead the action back to the step behind the request, or give the request an idempotency key",
        example=Example(
            Home.DOCUMENT, "- condition: $response.body#/state == 'pending'", "- condition: $statusCode == 503"
        ),
        severity="warning",
    ),
    "retry-once": Code(
        summary="a retry that waits for something has no limit, and is made once",
        why="a single retry is attempted when no `retryLimit` is given, which seldom is as long as something takes",
        clause="Arazzo 1.1.0, Failure Action Object, retryLimit",
        fix="add a `retryLimit` that is as large as what is waited for may take",
        example=Example(
            Home.DOCUMENT,
            "{ name: poll, type: retry, retryAfter: 1 }",
            "{ name: poll, type: retry, retryAfter: 1, retryLimit: 60 }",
        ),
        severity="warning",
    ),
    "retry-too-long": Code(
        summary="a retry waits longer than a run waits at most",
        why="`retryAfter` is in seconds, and the failure goes on as if a retry that waits longer were not there",
        clause="Arazzo 1.1.0, Failure Action Object, retryAfter",
        fix="write the wait in seconds, or allow one that is so long with `--max-wait`, `limits.max-wait` of a project",
        example=Example(
            Home.DOCUMENT,
            "{ name: again, type: retry, retryAfter: 2000 }",
            "{ name: again, type: retry, retryAfter: 2 }",
        ),
        severity="warning",
    ),
    "step-before-its-place": Code(
        summary="a step runs before one that is written before it and depends on it",
        why="steps run in an order that satisfies what they depend on, which is then not the order that is read",
        clause="Arazzo 1.1.0, Step Dependencies and Execution Order",
        fix="write the step that runs first before the one that depends on it",
        example=Example(
            Home.DOCUMENT,
            "operationId: findItem\ndependsOn: [find]  # step `find` is written after this one",
            "operationId: findItem",
        ),
        severity="warning",
    ),
    "step-left-out": Code(
        summary="a step reads an output of a step that has not run on some way to it",
        why="the run can come here without that step, and this one then fails before it sends anything",
        clause="Arazzo 1.1.0, Step Dependencies and Execution Order",
        fix="lead that way to another step, or read what every way to the step has",
        example=Example(
            Home.DOCUMENT,
            "note: $steps.price.outputs.price  # an action of step `find` leads past step `price`",
            "note: $steps.find.outputs.price",
        ),
        severity="warning",
    ),
    "step-limit": Code(
        summary="the run executed more steps than the limit",
        why="the number of steps is bounded so that a loop in a workflow ends",
        fix="look for a loop of `goto` or `retry`, or raise the limit with `--max-steps`",
        example=Example(Home.COMMAND, "--max-steps 1", "--max-steps 10"),
        kind="run",
    ),
    "step-unreachable": Code(
        summary="no way through the workflow leads to a step",
        why="the step before it always goes on elsewhere, and no action leads here, so the step is never run",
        clause="Arazzo 1.1.0, Success Action Object, type",
        fix="lead an action to the step, give the one that leads past it criteria, or remove the step",
        example=Example(
            Home.DOCUMENT,
            "  onSuccess:\n  - { name: on, type: goto, stepId: charge }\n- stepId: check",
            "  onSuccess:\n  - { name: on, type: goto, stepId: check }\n- stepId: check",
        ),
        severity="warning",
    ),
    "timeout-short": Code(
        summary="a step waits for its answer no longer than a few milliseconds",
        why="`timeout` is in milliseconds, and `retryAfter` in seconds",
        clause="Arazzo 1.1.0, Step Object, timeout",
        fix="write the timeout in milliseconds",
        example=Example(Home.DOCUMENT, "timeout: 30", "timeout: 30000"),
        severity="warning",
    ),
    "value-unhandled": Code(
        summary="a value that an answer may have is handled by no action, and goes on as one that is",
        why="where no action is chosen the next step follows, which an action leads to for another value",
        clause="Arazzo 1.1.0, Step Object, onSuccess",
        fix="add an action for the value, or the value to the criteria of one",
        example=Example(
            Home.DOCUMENT,
            "condition: $response.body#/state == 'sold'",
            "condition: $response.body#/state == 'sold' || $response.body#/state == 'held'",
        ),
        severity="warning",
    ),
}
