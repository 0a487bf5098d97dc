"""The rules of Spectral's ruleset for Arazzo documents, 1.23."""

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
    MORE,
    NOWHERE,
    OTHER,
    OUTPUTS,
    PAYLOAD,
    RETRY,
    TITLE,
    Rule,
    case,
)

SPECTRAL: Final[tuple[Rule, ...]] = (
    Rule(
        "arazzo-document-schema",
        "what the JSON Schema of the specification refuses",
        (
            case("field-missing", "- workflowId: order", "- workflooId: order"),
            case("field-unknown", "    successCriteria:\n", "    succesCriteria:\n"),
            case("empty-list", END, f"{END}- workflowId: empty\n  steps: []\n"),
            case(
                "repaired", "    successCriteria:\n    - condition: $statusCode == 200\n", "    successCriteria: []\n"
            ),
        ),
    ),
    Rule(
        "arazzo-workflowId-unique",
        "two workflows of one id",
        (case("id-duplicate", "- workflowId: order\n", "- workflowId: other\n", OTHER),),
    ),
    Rule(
        "arazzo-workflow-output-validation",
        "an output of a workflow with a wrong name, twice, or with a value that is no expression",
        (
            case("invalid-name", "    receipt: $steps.charge", "    the receipt: $steps.charge"),
            case("invalid-expression", "receipt: $steps.charge", "receipt: $step.charge"),
            case("output-constant", "    receipt: $steps.charge.outputs.receipt\n", "    receipt: receipt\n"),
        ),
    ),
    Rule("arazzo-workflow-stepId-unique", "two steps of one id", (case("id-duplicate", CHARGE, FIND),)),
    Rule(
        "arazzo-step-output-validation",
        "an output of a step with a wrong name, twice, or with a value that is no expression",
        (
            case("invalid-name", "      price: $response", "      the price: $response"),
            case("duplicate-key", "      price: $response", "      id: $response"),
            case("invalid-expression", "price: $response.body", "price: $respons.body"),
            case("output-constant", "price: $response.body#/price", "price: price"),
        ),
    ),
    Rule(
        "arazzo-step-parameters-validation",
        "parameters that stand twice, refer to nothing, lack `in` or must not have it, or have no valid expression",
        (
            case("id-duplicate", ITEM, ITEM * 2),
            case("unknown-component", ITEM, f"{ITEM}    - reference: $components.parameters.item\n"),
            case("repaired", "      in: path\n", ""),
            case("field-ignored", CHARGE, f"{MORE}    - {{ name: who, in: query, value: book }}\n{CHARGE}", OTHER),
            case("invalid-expression", "value: $inputs.item", "value: $input.item"),
        ),
        note="a step's parameter may replace the workflow's of that name: the specification says so",
    ),
    Rule(
        "arazzo-step-failure-actions-validation",
        "failure actions that stand twice, refer to nothing, or go nowhere or to two places",
        (
            case("id-duplicate", OUTPUTS, f"    - {{ name: again, type: end }}\n{OUTPUTS}"),
            case("unknown-component", OUTPUTS, f"    - reference: $components.failureActions.no\n{OUTPUTS}"),
            case("unknown-workflow", RETRY, "      type: goto\n      workflowId: oder\n"),
            case("unknown-step", "      type: retry\n", "      type: retry\n      stepId: fnd\n"),
            case("exclusive-fields", RETRY, "      type: goto\n      stepId: find\n      workflowId: order\n"),
        ),
    ),
    Rule(
        "arazzo-step-success-actions-validation",
        "success actions that stand twice, refer to nothing, or go nowhere or to two places",
        (
            case("id-duplicate", OUTPUTS, "    onSuccess:\n" + "    - { name: done, type: end }\n" * 2 + OUTPUTS),
            case(
                "unknown-component",
                OUTPUTS,
                f"    onSuccess:\n    - reference: $components.successActions.no\n{OUTPUTS}",
            ),
            case("unknown-step", OUTPUTS, f"    onSuccess:\n    - {{ name: on, type: goto, stepId: fnd }}\n{OUTPUTS}"),
        ),
    ),
    Rule(
        "arazzo-workflow-depends-on-validation",
        "an entry of `dependsOn` that names no workflow, stands there twice, or is no valid expression",
        (
            case("unknown-workflow", "- workflowId: order\n", "- workflowId: order\n  dependsOn: [oder]\n"),
            case("id-duplicate", "- workflowId: order\n", "- workflowId: order\n  dependsOn: [other, other]\n", OTHER),
            case(
                "unknown-workflow",
                "- workflowId: order\n",
                "- workflowId: order\n  dependsOn: [$sourceDescriptions.shopApi.order]\n",
            ),
            case(
                "invalid-expression",
                "- workflowId: order\n",
                "- workflowId: order\n  dependsOn: [$sourceDescriptions.shopApi]\n",
            ),
        ),
    ),
    Rule(
        "arazzo-step-success-criteria-validation",
        "criteria without a condition or a context that they need, with a wrong pattern, expression or type",
        (
            case("field-missing", CRITERION, "- context: $statusCode"),
            case("invalid-condition", CRITERION, "- condition: ''"),
            case("field-missing", CRITERION, "- condition: $.receipt\n      type: jsonpath"),
            case(
                "field-missing",
                CRITERION,
                "- condition: $.receipt\n      context: $response.body\n      type: { type: jsonpath }",
            ),
            case("invalid-query", CRITERION, "- condition: '^2(0'\n      context: $statusCode\n      type: regex"),
            case("invalid-expression", CRITERION, "- condition: '^20'\n      context: $status\n      type: regex"),
        ),
    ),
    Rule(
        "arazzo-step-request-body-validation",
        "a `contentType` that is none, replacements without a target, expressions that are not valid",
        (
            case("request-body-unsupported", "contentType: application/json", "contentType: json"),
            case("invalid-expression", "item: $steps.find", "item: $step.find"),
            case("field-missing", PAYLOAD, f"{PAYLOAD}      replacements: [{{ value: book }}]\n"),
            case(
                "invalid-expression",
                PAYLOAD,
                f"{PAYLOAD}      replacements: [{{ target: /item, value: $input.item }}]\n",
            ),
        ),
    ),
    Rule(
        "arazzo-step-validation",
        "a step whose operation or workflow is named in a wrong form, or by an unknown source description",
        (
            case(
                "operation-not-found", "operationId: chargeCustomer", "operationId: $sourceDescription.shopApi.charge"
            ),
            case("unknown-source", "operationId: chargeCustomer", "operationId: $sourceDescriptions.shop.charge"),
            case("operation-path-invalid", "operationId: chargeCustomer", "operationPath: /charges/post"),
            case("unknown-source", CALLS, f"workflowId: {NOWHERE}\n"),
        ),
    ),
    Rule(
        "arazzo-no-script-tags-in-markdown",
        "a `<script>` in a description or title",
        (case("markup-unsafe", TITLE, "  title: Order <script>order()</script>\n"),),
    ),
    Rule("arazzo-info-description", "a document without a description", answer=ABOUT_PEOPLE),
    Rule("arazzo-info-summary", "a document without a summary", answer=ABOUT_PEOPLE),
    Rule(
        "arazzo-source-descriptions-type",
        "a source description without a `type`",
        answer="`type` is not required, and a description says itself what it is; one of another type is told",
    ),
    Rule(
        "arazzo-workflow-workflowId",
        "a `workflowId` with characters that it should not have",
        (case("id-characters", "- workflowId: order\n", "- workflowId: order it\n"),),
    ),
    Rule("arazzo-workflow-description", "a workflow without a description", answer=ABOUT_PEOPLE),
    Rule("arazzo-workflow-summary", "a workflow without a summary", answer=ABOUT_PEOPLE),
    Rule("arazzo-step-description", "a step without a description", answer=ABOUT_PEOPLE),
    Rule(
        "arazzo-step-stepId",
        "a `stepId` with characters that it should not have",
        (case("id-characters", FIND, "  - stepId: find it\n"),),
    ),
    Rule(
        "arazzo-step-operationPath",
        "an `operationPath` in place of an `operationId`",
        answer="both are the specification's; an operation without an id has no other name",
    ),
)
