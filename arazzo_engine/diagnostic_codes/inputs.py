"""The rules on the inputs of a workflow: their schema, what was given, and which workflow was asked for.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "input-file-unread": Code(
        summary="an input names a file that is not read",
        why=("a file is read only where the schema of the input asks for one; any other text is sent as it is"),
        clause="docs/http.md, Files",
        fix=("say `format: binary` in the schema of the input if the file is meant, or write the text without `@`"),
        example=Example(Home.INPUTS, 'note: "@inputs.yaml"', "note: hello"),
        severity="warning",
        kind="usage",
    ),
    "input-invalid": Code(
        summary="an input does not fit the workflow's schema",
        why="inputs are checked against the workflow's JSON Schema before anything is sent",
        clause="Arazzo 1.1.0, Workflow Object, inputs",
        fix="give a value that fits the schema of the input",
        example=Example(Home.INPUTS, "item: ruler\namount: twelve", "item: book\namount: 12"),
        kind="usage",
    ),
    "input-missing": Code(
        summary="a required input was not given",
        why="the workflow's inputs require it",
        clause="Arazzo 1.1.0, Workflow Object, inputs",
        fix="give the input, with `-i NAME=VALUE` or in the file of `--inputs`",
        example=Example(
            Home.INPUTS, "token: secret-token-1\nitem: book", "token: secret-token-1\nitem: book\namount: 12.5"
        ),
        kind="usage",
    ),
    "input-needed": Code(
        summary="a request needs an optional input that was not given",
        why="an input that is not given is left out of a request, and this request is not whole without it",
        clause="Arazzo 1.1.0, Parameter Object, value",
        fix="give the input, or let the step use one that is always there",
        example=Example(Home.DOCUMENT, "value: $inputs.note", "value: $inputs.item"),
        kind="usage",
    ),
    "input-not-passed": Code(
        summary="a workflow that another one calls is not given an input it requires",
        why="a called workflow gets only the inputs that its caller passes",
        clause="Arazzo 1.1.0, Step Object, parameters",
        fix="add the input to the `parameters` of the step or action that calls the workflow",
        example=Example(
            Home.DOCUMENT,
            "- stepId: more\n  workflowId: other",
            "- stepId: more\n  workflowId: other\n  parameters:\n  - { name: who, value: book }",
        ),
    ),
    "input-of-dependency": Code(
        summary="a workflow requires an input that one which depends on it does not declare",
        why="`dependsOn` passes nothing on: whoever starts the run gives the input, and does not see that it is needed",
        clause="Arazzo 1.1.0, Workflow Object, dependsOn",
        fix="declare the input in the `inputs` of the workflow that depends on the other",
        example=Example(
            Home.DOCUMENT,
            "dependsOn: [other]  # which requires `who`\ninputs:\n  type: object\n  required: [token, item, amount]\n"
            "  properties:",
            "dependsOn: [other]\ninputs:\n  type: object\n  required: [token, item, amount]\n"
            "  properties:\n    who: { type: string }",
        ),
        severity="warning",
    ),
    "input-schema-invalid": Code(
        summary="the workflow's inputs are not a JSON Schema",
        why="inputs must be a JSON Schema 2020-12",
        clause="Arazzo 1.1.0, Workflow Object, inputs",
        fix="correct the schema where the finding shows it",
        example=Example(Home.DOCUMENT, "note: { type: strnig }", "note: { type: string }"),
    ),
    "input-undeclared": Code(
        summary="a workflow requires an input that it does not declare",
        why="an input without a schema of its own is checked by nothing, and its name may be misspelt",
        clause="Arazzo 1.1.0, Workflow Object, inputs",
        fix="correct the name in `required`, or declare the input under `properties`",
        example=Example(Home.DOCUMENT, "required: [token, item, amuont]", "required: [token, item, amount]"),
        severity="warning",
    ),
    "input-unknown": Code(
        summary="an input was given that the workflow does not know",
        why="the workflow's inputs do not declare it, so no step can use it",
        clause="Arazzo 1.1.0, Workflow Object, inputs",
        fix="correct the name, or leave the input out",
        example=Example(Home.INPUTS, "noet: hello", "note: hello"),
        severity="warning",
        kind="usage",
    ),
    "input-unsendable": Code(
        summary="an input cannot stand in the part of a request where a step uses it",
        why=("what the inputs decide is tried before the first request, and this request could never be sent"),
        clause="Arazzo 1.1.0, Parameter Object, value",
        fix="give a value that can stand there",
        example=Example(Home.COMMAND, "-i note=..", "-i note=book"),
        kind="usage",
    ),
    "inputs-unreadable": Code(
        summary="the inputs cannot be read",
        why="inputs are one JSON or YAML object",
        fix="name a file with one JSON or YAML object",
        example=Example(Home.COMMAND, "--inputs nowhere.yaml", "--inputs inputs.yaml"),
        kind="usage",
    ),
    "row-id-repeated": Code(
        summary="two rows of a batch name their runs the same",
        why="the id of a run stands for one run alone",
        fix="remove one of the rows, or name the runs by an input that differs",
        example=Example(Home.COMMAND, "--run-id-from item", "--run-id-from note"),
        kind="usage",
    ),
    "row-malformed": Code(
        summary="a row of a batch cannot be read",
        why="a row is one JSON object, or one line of CSV with a value for each column",
        clause="RFC 8259, RFC 4180",
        fix="correct the row where the finding shows it",
        example=Example(Home.COMMAND, "--each wide.csv", "--each rows.csv"),
        kind="usage",
    ),
    "rows-unreadable": Code(
        summary="the rows of a batch cannot be read",
        why="rows are JSON lines, or CSV whose first line names the columns like inputs",
        clause="docs/batches.md, Rows",
        fix="name a file with such rows",
        example=Example(Home.COMMAND, "--each nowhere.csv", "--each rows.csv"),
        kind="usage",
    ),
    "schema-part-idle": Code(
        summary="a part of the schema of an input can have no effect",
        why="what decides nothing is a slip, or was meant as something that does",
        clause="JSON Schema 2020-12, Validation",
        fix="correct the type or the part, or remove it",
        example=Example(
            Home.DOCUMENT,
            "note: { type: string, minimum: 1 }",
            "note: { type: string, minLength: 1 }",
        ),
        severity="warning",
    ),
    "schema-unfulfillable": Code(
        summary="no value fits a part of the schema of the inputs",
        why="an input that no value fits can never be given, and a run that needs it is always refused",
        clause="JSON Schema 2020-12, Validation",
        fix="correct what excludes every value",
        example=Example(
            Home.DOCUMENT,
            "note: { type: string, minLength: 9, maxLength: 3 }",
            "note: { type: string, minLength: 3, maxLength: 9 }",
        ),
        severity="warning",
    ),
    "workflow-not-chosen": Code(
        summary="a document has several workflows and none was chosen",
        why="nothing runs by accident: with several workflows, one is named or all are asked for",
        fix="name one with `--workflow`, or ask for `--all`",
        example=Example(
            Home.COMMAND,
            "arazzo run orders.arazzo.yaml --inputs inputs.yaml",
            "arazzo run orders.arazzo.yaml --inputs inputs.yaml --workflow order",
        ),
        kind="usage",
    ),
    "workflow-not-found": Code(
        summary="the workflow asked for does not exist in the document",
        why="a workflow is named by its workflowId",
        fix="correct the workflowId",
        example=Example(Home.COMMAND, "--workflow ordr", "--workflow order"),
        kind="usage",
    ),
}
