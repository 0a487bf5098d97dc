"""The rules on runtime expressions, conditions, queries, and texts that were meant as such.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home
from arazzo_engine.edits import Applicability

RULES: Final[dict[str, Code]] = {
    "expression-as-text": Code(
        summary="a text names an input, an output or a source as an expression does, and is none",
        why="what is not written as an expression is text, and what reads like one was meant as one",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="write the expression as the specification has it, alone or in braces within a text",
        example=Example(Home.DOCUMENT, "note: <%= note %>", "note: $inputs.note"),
        severity="warning",
    ),
    "expression-unavailable": Code(
        summary="an expression names something that has no value where it stands",
        why="the value does not exist yet at the moment the expression is evaluated",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="use a value that exists at that moment, such as an output of an earlier step",
        example=Example(Home.DOCUMENT, "note: $response.body#/note", "note: $steps.find.outputs.id"),
    ),
    "extension-ignored": Code(
        summary="an extension or placeholder of other tools would change what is sent, and nothing is done by it",
        why="nothing that a document says about its requests is passed over in silence",
        clause="Arazzo 1.1.0, Specification Extensions",
        fix="write what it stands for with the specification's own fields, or give it to the command",
        example=Example(Home.DOCUMENT, "note: '{{$randomUUID}}'", "note: hello"),
        severity="warning",
    ),
    "forward-reference": Code(
        summary="a step uses outputs of a step that has not run when it runs",
        why="steps run as written, so the step referred to has no outputs yet",
        clause="Arazzo 1.1.0, Step Dependencies and Execution Order",
        fix="move the step that has the output before the one that uses it",
        example=Example(Home.DOCUMENT, "value: $steps.charge.outputs.receipt", "value: $inputs.item"),
    ),
    "invalid-condition": Code(
        summary="a simple condition cannot be parsed",
        why="a simple condition combines runtime expressions, literals and operators",
        clause="Arazzo 1.1.0, Criterion Object, Simple Conditions",
        fix="write a comparison of the specification's grammar, such as `$statusCode == 200`",
        example=Example(Home.DOCUMENT, "condition: $statusCode => 201", "condition: $statusCode == 201"),
    ),
    "invalid-expression": Code(
        summary="a runtime expression cannot be parsed",
        why="a runtime expression follows the grammar of the specification",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="correct the expression at the place that the finding marks",
        example=Example(Home.DOCUMENT, "receipt: $response.bdy#/receipt", "receipt: $response.body#/receipt"),
    ),
    "invalid-query": Code(
        summary="a pattern, JSONPath, XPath or JSON Pointer is not valid",
        why=("a query that cannot be understood cannot decide anything, so it is refused before the first request"),
        clause="Arazzo 1.1.0, Criterion Object; Selector Object",
        fix="correct the query at the place that the finding marks",
        example=Example(Home.DOCUMENT, "type: regex\ncondition: ^2(0\\d$", "type: regex\ncondition: ^20\\d$"),
    ),
    "output-constant": Code(
        summary="an output is a text, and no expression",
        why="an output is a runtime expression or a Selector Object, so a text is the same whatever comes",
        clause="Arazzo 1.1.0, Step Object, outputs; Workflow Object, outputs",
        fix="write an expression, such as `$response.body#/name`",
        example=Example(Home.DOCUMENT, "price: price", "price: $response.body#/price"),
        severity="warning",
    ),
    "pattern-delimited": Code(
        summary="a pattern stands between slashes, as JavaScript writes one",
        why="a pattern has neither slashes around it nor flags, so these would have to be in the text",
        clause="Arazzo 1.1.0, Criterion Object",
        fix="write the pattern without the slashes, and letters of either case as `[aA]`",
        example=Example(Home.DOCUMENT, "type: regex, condition: '/^item/i'", "type: regex, condition: '^[iI]tem'"),
        severity="warning",
    ),
    "pattern-over-object": Code(
        summary="a pattern is searched in the JSON text of an object or a list",
        why="how an object is written as text is left to each engine: spaces, escapes, the order of its members",
        clause="Arazzo 1.1.0, Criterion Object",
        fix="name the part of it that is meant, or ask it by `jsonpath`",
        example=Example(
            Home.DOCUMENT,
            "context: $response.body, type: regex, condition: '\"id\":'",
            "condition: $response.body#/id != null",
        ),
        severity="warning",
    ),
    "pattern-unanchored": Code(
        summary="a pattern over `$statusCode` matches other statuses than those it begins with",
        why="a pattern is searched for anywhere in the text, and `*` in it repeats what stands before it",
        clause="Arazzo 1.1.0, Criterion Object",
        fix="begin the pattern with `^`, and write `\\d` for a digit that may be any",
        example=Example(
            Home.DOCUMENT,
            "context: $statusCode, type: regex, condition: '20*'",
            "context: $statusCode, type: regex, condition: '^20\\d$'",
        ),
        severity="warning",
    ),
    "repaired": Code(
        summary="a well-known mistake was read as what it must mean",
        why="the specification has another form for this, and it is read as the message says; `--strict` refuses it",
        fix="write what the finding says; docs/repairs.md says of each repair how sure it is",
        safety=Applicability.SAFE,
        example=Example(Home.DOCUMENT, "price: $response.body.price", "price: $response.body#/price"),
        severity="warning",
    ),
    "unknown-input": Code(
        summary="an expression names an input that the workflow does not declare",
        why="an expression can only name inputs that exist",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="correct the name, or declare the input under `properties` of the workflow's `inputs`",
        example=Example(Home.DOCUMENT, "amount: $inputs.amuont", "amount: $inputs.amount"),
    ),
    "unknown-output": Code(
        summary="an expression names an output that is not declared",
        why="an expression can only name outputs that exist",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="correct the name, or add the output to the step or workflow that should have it",
        example=Example(Home.DOCUMENT, "item: $steps.find.outputs.ids", "item: $steps.find.outputs.id"),
    ),
    "unknown-source": Code(
        summary="a name refers to a source description that does not exist",
        why="a source description must be listed in `sourceDescriptions` to be used",
        clause="Arazzo 1.1.0, Source Description Object",
        fix="correct the name, or list the description in `sourceDescriptions`",
        example=Example(
            Home.DOCUMENT,
            "operationId: $sourceDescriptions.shopApis.findItem",
            "operationId: $sourceDescriptions.shopApi.findItem",
        ),
    ),
    "unknown-step": Code(
        summary="a name refers to a step that does not exist in the workflow",
        why="a stepId must be that of a step of the workflow meant",
        clause="Arazzo 1.1.0, Success Action Object, stepId",
        fix="correct the stepId, or name a step of the same workflow",
        example=Example(Home.DOCUMENT, "type: goto\nstepId: fnd", "type: goto\nstepId: find"),
    ),
    "unknown-workflow": Code(
        summary="a name refers to a workflow that does not exist",
        why="a workflowId must be that of an existing workflow",
        clause="Arazzo 1.1.0, Workflow Object, workflowId",
        fix=("correct the workflowId, or name the document that has it: `$sourceDescriptions.<name>.<workflowId>`"),
        example=Example(Home.DOCUMENT, "type: goto\nworkflowId: odrer", "type: goto\nworkflowId: order"),
    ),
}
