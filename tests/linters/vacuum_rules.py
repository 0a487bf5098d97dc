"""The rules of vacuum for Arazzo documents, under the names that its documentation lists."""

from __future__ import annotations

from typing import Final

from linter_rule import (
    ABOUT_PEOPLE,
    CALLS,
    CHARGE,
    CRITERION,
    END,
    FIND,
    ITEM,
    NOTE,
    NOWHERE,
    OTHER,
    OUTPUTS,
    PAYLOAD,
    RETRY,
    TITLE,
    Rule,
    case,
)

VACUUM: Final[tuple[Rule, ...]] = (
    Rule(
        "arazzo-structure",
        "what the JSON Schema of the specification refuses, and actions that go nowhere or to two places",
        (
            case("field-missing", "- workflowId: order", "- workflooId: order"),
            case("field-unknown", "    successCriteria:\n", "    succesCriteria:\n"),
            case("field-type", "retryLimit: 1", "retryLimit: one"),
            case("empty-list", END, f"{END}- workflowId: empty\n  steps: []\n"),
            case(
                "exclusive-fields", "    operationId: findItem\n", "    operationId: findItem\n    workflowId: order\n"
            ),
            case("exclusive-fields", RETRY, "      type: goto\n"),
            case("version-unsupported", "arazzo: 1.1.0", "arazzo: 2.0.0"),
        ),
    ),
    Rule(
        "arazzo-duplicate-id",
        "two workflows, steps, source descriptions or actions of one name",
        (
            case("id-duplicate", "- workflowId: order\n", "- workflowId: other\n", OTHER),
            case("id-duplicate", CHARGE, FIND),
            case("id-duplicate", OUTPUTS, f"    - {{ name: again, type: end }}\n{OUTPUTS}"),
        ),
    ),
    Rule(
        "arazzo-reference",
        "a workflow, step, operation, source description or component that there is not",
        (
            case("unknown-workflow", CALLS, "workflowId: oder\n"),
            case("unknown-step", RETRY, "      type: goto\n      stepId: fnd\n"),
            case("operation-not-found", "operationId: chargeCustomer", "operationId: chargeCustomers"),
            case("unknown-source", CALLS, f"workflowId: {NOWHERE}\n"),
            case("unknown-component", ITEM, "    - reference: $components.parameters.item\n"),
            case("unknown-output", "item: $steps.find.outputs.id", "item: $steps.find.outputs.ids"),
        ),
    ),
    Rule(
        "arazzo-parameter",
        "a parameter in a wrong place, twice, or one that the operation requires and the step does not give",
        (
            case("repaired", "      in: path\n", ""),
            case("id-duplicate", ITEM, ITEM * 2),
            case("path-parameter-mismatch", f"    parameters:\n{ITEM}", ""),
            case(
                "parameter-location",
                ITEM,
                f"{ITEM}    - {{ name: q, in: querystring, value: a=1 }}\n    - {{ name: r, in: query, value: b }}\n",
            ),
        ),
    ),
    Rule(
        "arazzo-expression",
        "an expression or a condition that the grammar does not have, or that names what there is not",
        (
            case("invalid-expression", "value: $inputs.item", "value: $input.item"),
            case("unknown-input", "value: $inputs.item", "value: $inputs.itm"),
            case("invalid-condition", CRITERION, "- condition: $statusCode => 201"),
            case("invalid-query", CRITERION, "- condition: '^2(0'\n      context: $statusCode\n      type: regex"),
        ),
    ),
    Rule(
        "arazzo-selector",
        "a selector or a target that is not of its language",
        (
            case(
                "invalid-query",
                "price: $response.body#/price",
                "price: { context: $response.body, selector: '$[', type: jsonpath }",
            ),
            case("invalid-query", PAYLOAD, f"{PAYLOAD}      replacements: [{{ target: item, value: book }}]\n"),
        ),
    ),
    Rule(
        "arazzo-dependency",
        "a dependency on what there is not, or in a circle",
        (
            case("unknown-step", CHARGE, f"{CHARGE}    dependsOn: [fnd]\n"),
            case("dependency-cycle", FIND, f"{FIND}    dependsOn: [charge]\n"),
            case("dependency-cycle", "- workflowId: order\n", "- workflowId: order\n  dependsOn: [order]\n"),
        ),
    ),
    Rule(
        "arazzo-input-schema",
        "`inputs` that are no JSON Schema, or refer to nothing",
        (
            case("input-schema-invalid", NOTE, "note: { type: strnig }"),
            case("reference-not-found", NOTE, "note: { $ref: '#/components/inputs/note' }"),
        ),
    ),
    Rule(
        "arazzo-source-type",
        "a source description of another type than it is said to be",
        (case("repaired", "  type: openapi\n", "  type: arazzo\n"),),
    ),
    Rule(
        "arazzo-validation-incomplete",
        "a check that could not be made",
        answer="XPath and both JSONPaths are read, and a source that cannot be loaded is an error",
    ),
    Rule(
        "arazzo-advisory",
        "ids with characters that they should not have, and outputs of steps that come later",
        (
            case("id-characters", "- workflowId: order\n", "- workflowId: order it\n"),
            case("forward-reference", "value: $inputs.item", "value: $steps.charge.outputs.receipt"),
        ),
    ),
    Rule(
        "arazzo-no-script-tags-in-markdown",
        "a `<script>` in a description or title",
        (case("markup-unsafe", TITLE, "  title: Order <script>order()</script>\n"),),
    ),
    Rule("arazzo-info-description", "a document without a description", answer=ABOUT_PEOPLE),
    Rule("arazzo-info-summary", "a document without a summary", answer=ABOUT_PEOPLE),
    Rule("arazzo-workflow-description", "a workflow without a description", answer=ABOUT_PEOPLE),
    Rule("arazzo-workflow-summary", "a workflow without a summary", answer=ABOUT_PEOPLE),
    Rule("arazzo-step-description", "a step without a description", answer=ABOUT_PEOPLE),
    Rule(
        "arazzo-step-operationPath",
        "an `operationPath` in place of an `operationId`",
        answer="both are the specification's; an operation without an id has no other name",
    ),
)
