"""The rules on the objects of the specification: their fixed fields, ids and names.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home
from arazzo_engine.edits import Applicability

RULES: Final[dict[str, Code]] = {
    "empty-list": Code(
        summary="a list that must have an entry is empty",
        why="the list must have at least one entry",
        clause="Arazzo 1.1.0, Schema",
        fix="give the list an entry, or leave it out where the object needs none",
        example=Example(
            Home.DOCUMENT,
            "steps: []",
            "steps:\n- stepId: look\n  operationId: findItem\n  parameters: [{ name: item, in: path, value: book }]",
        ),
    ),
    "entry-repeated": Code(
        summary="a list has a criterion, or the target of a replacement, twice",
        why="the second one says nothing that the first did not, or takes its place, so something else was meant",
        clause="Arazzo 1.1.0, Criterion Object; Payload Replacement Object",
        fix="remove one of the two, or write what was meant",
        example=Example(
            Home.DOCUMENT,
            "- condition: $statusCode == 201\n- condition: $statusCode == 201",
            "- condition: $statusCode == 201\n- condition: $response.body#/receipt != null",
        ),
        severity="warning",
    ),
    "exclusive-fields": Code(
        summary="an object has fields that exclude each other, or none of those it must choose from",
        why="one of these fields says what is meant, and the others have no place beside it",
        clause="Arazzo 1.1.0, Step Object; Success Action Object; Failure Action Object",
        fix="keep the one field that says what is meant, and remove the others",
        example=Example(
            Home.DOCUMENT,
            "operationId: findItem\noperationPath: '{$sourceDescriptions.shopApi.url}#/paths/~1items~1{item}/get'",
            "operationId: findItem",
        ),
    ),
    "field-ignored": Code(
        summary="an object has a field that its type does not use",
        why="the field says nothing here, so the document may mean something that does not happen",
        clause="Arazzo 1.1.0, Success Action Object; Failure Action Object",
        fix="remove the field, or give the object the type that uses it",
        example=Example(
            Home.DOCUMENT, "type: end\nretryAfter: 0\nretryLimit: 1", "type: retry\nretryAfter: 0\nretryLimit: 1"
        ),
        severity="warning",
    ),
    "field-missing": Code(
        summary="an object lacks a required field",
        why="the field is REQUIRED",
        clause="Arazzo 1.1.0, Schema",
        fix="add the field; where another one is nearly called so, rename it",
        example=Example(Home.DOCUMENT, "- stpId: charge", "- stepId: charge"),
        safety=Applicability.UNSAFE,
    ),
    "field-type": Code(
        summary="a field has a value of the wrong type",
        why="the specification fixes the type of each field",
        clause="Arazzo 1.1.0, Schema",
        fix="write a value of the type that the finding names",
        example=Example(Home.DOCUMENT, "retryLimit: one", "retryLimit: 1"),
    ),
    "field-unknown": Code(
        summary="an object has a field that the specification does not define",
        why="only the fixed fields and extensions that begin with `x-` are allowed",
        clause="Arazzo 1.1.0, Specification Extensions",
        fix="correct the name of the field, put it into the object that has it, or begin it with `x-`",
        example=Example(
            Home.DOCUMENT,
            "succesCriteria:\n- condition: $statusCode == 201",
            "successCriteria:\n- condition: $statusCode == 201",
        ),
        safety=Applicability.UNSAFE,
    ),
    "field-value": Code(
        summary="a field has a value outside the ones allowed",
        why="the specification lists the values this field may have",
        clause="Arazzo 1.1.0, Schema",
        fix="write one of the values that the finding lists",
        example=Example(Home.DOCUMENT, "type: retri", "type: retry"),
    ),
    "id-characters": Code(
        summary="an id has characters that an expression of Arazzo 1.1 cannot name",
        why="an id SHOULD match `[A-Za-z0-9_\\-]+`: an expression of Arazzo 1.1 can name no other",
        clause="Arazzo 1.1.0, Step Object, stepId; Workflow Object, workflowId",
        fix="use letters, digits, `_` and `-` only, here and wherever the id is named",
        example=Example(Home.DOCUMENT, "- workflowId: order it", "- workflowId: order-it"),
        severity="warning",
    ),
    "id-duplicate": Code(
        summary="two things of one kind have the same id or name",
        why="an id or name must be unique, or a reference to it has two meanings",
        clause="Arazzo 1.1.0, Schema",
        fix="rename one of the two, and what refers to it",
        example=Example(
            Home.DOCUMENT,
            "- stepId: find\n  operationId: chargeCustomer",
            "- stepId: charge\n  operationId: chargeCustomer",
        ),
    ),
    "invalid-name": Code(
        summary="a key or name has characters it must not have",
        why="the key must match `^[a-zA-Z0-9.\\-_]+$`",
        clause="Arazzo 1.1.0, Components Object",
        fix="write the name with letters, digits, `.`, `-` and `_` only",
        example=Example(
            Home.DOCUMENT,
            "components:\n  parameters:\n    the note: { name: note, in: header, value: a gift }",
            "components:\n  parameters:\n    note: { name: note, in: header, value: a gift }",
        ),
    ),
    "markup-unsafe": Code(
        summary="a text for people has markup that would run in a browser",
        why="a description is CommonMark, which may hold HTML, and who shows it may not take what runs out of it",
        clause="Arazzo 1.1.0, Info Object, description",
        fix="write it as text, or leave it out",
        example=Example(
            Home.DOCUMENT,
            "description: Order <script>order()</script> a thing",
            "description: Order a thing",
        ),
        severity="warning",
    ),
    "unknown-component": Code(
        summary="a reference names a component that does not exist",
        why="a Reusable Object must link to an object in the components of the same document",
        clause="Arazzo 1.1.0, Reusable Object",
        fix="correct the name, or define the object in `components`",
        example=Example(
            Home.DOCUMENT, "- reference: $components.parameters.item", "- name: item\n  in: path\n  value: $inputs.item"
        ),
    ),
    "unsupported-feature": Code(
        summary="the document uses a feature that this engine does not run yet",
        why="unsupported features are refused before the first request, never skipped",
        fix="write it with what the engine runs; the finding says what that is where there is something",
        example=Example(Home.DOCUMENT, "condition: $message.payload == 1", "condition: $response.body#/receipt == 1"),
    ),
}
