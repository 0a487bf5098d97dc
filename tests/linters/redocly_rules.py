"""The rules of Redocly CLI up to 2.83 for Arazzo documents, under the names that its documentation lists."""

from __future__ import annotations

from typing import Final

from linter_rule import (
    CALLS,
    CHARGE,
    COMPONENT,
    CRITERION,
    END,
    FIND,
    ITEM,
    MORE,
    NOTE,
    NOWHERE,
    OTHER,
    OUTPUTS,
    PAYLOAD,
    RETRY,
    SECURITY,
    SECURITY_NOTE,
    SOURCES,
    TITLE,
    Rule,
    case,
)

REDOCLY: Final[tuple[Rule, ...]] = (
    Rule(
        "struct",
        "fields that are missing, unknown, of another type, or empty lists",
        (
            case("field-missing", "- workflowId: order", "- workflooId: order"),
            case("field-unknown", "    successCriteria:\n", "    succesCriteria:\n"),
            case("field-type", "retryLimit: 1", "retryLimit: one"),
            case("field-value", "type: retry", "type: retri"),
            case("empty-list", END, f"{END}- workflowId: empty\n  steps: []\n"),
            case("empty-list", OUTPUTS, f"    onSuccess:\n    - {{ name: done, type: end, criteria: [] }}\n{OUTPUTS}"),
        ),
    ),
    Rule(
        "no-unresolved-refs",
        "a `$ref` that leads nowhere",
        (case("reference-not-found", NOTE, "note: { $ref: '#/components/inputs/note' }"),),
    ),
    Rule(
        "assertions",
        "whatever a user's configuration asks for",
        answer="it is a language for rules of one's own, and finds nothing by itself",
    ),
    Rule(
        "criteria-unique",
        "a criterion that stands twice in one list",
        (
            case("entry-repeated", CRITERION, f"{CRITERION}\n    {CRITERION}"),
            case(
                "entry-repeated",
                "      - condition: $statusCode == 503\n",
                "      - condition: $statusCode == 503\n" * 2,
            ),
        ),
    ),
    Rule(
        "no-criteria-xpath",
        "a criterion of type `xpath`",
        answer="XPath is a type of the specification, and 1.0 to 3.1 run here",
    ),
    Rule(
        "no-duplicated-enum-values",
        "a value that stands twice in an `enum`",
        (case("schema-part-idle", "enum: [book, pen]", "enum: [book, pen, book]"),),
    ),
    Rule(
        "no-enum-type-mismatch",
        "a value of an `enum`, or a `const`, that its `type` never has",
        (
            case("schema-part-idle", "enum: [book, pen]", "enum: [book, 7]"),
            case("schema-part-idle", NOTE, "note: { type: string, const: 7 }"),
        ),
    ),
    Rule(
        "no-mixed-number-range-constraints",
        "`minimum` beside `exclusiveMinimum`, `maximum` beside `exclusiveMaximum`",
        (case("schema-part-idle", "minimum: 1", "minimum: 1, exclusiveMinimum: 0"),),
    ),
    Rule(
        "no-required-schema-properties-undefined",
        "a name in `required` that no `properties` declare",
        (
            case("input-undeclared", "required: [token, item, amount]", "required: [token, item, amount, size]"),
            case("input-undeclared", NOTE, "note: { type: object, required: [txt], properties: { text: {} } }"),
        ),
    ),
    Rule(
        "no-schema-type-mismatch",
        "`items` or `properties` beside a type that has none",
        (
            case("schema-part-idle", NOTE, "note: { type: string, items: { type: string } }"),
            case("schema-part-idle", NOTE, "note: { type: string, properties: { text: {} } }"),
        ),
        note="ours is about every keyword that is for one type only, such as `minLength`",
    ),
    Rule(
        "no-unsafe-markdown",
        "scripts, event handlers and `javascript:` links in descriptions",
        (
            case("markup-unsafe", TITLE, f"{TITLE}  description: See <script>order()</script>\n"),
            case("markup-unsafe", TITLE, f"{TITLE}  description: See <img src=x onerror=order()>\n"),
            case("markup-unsafe", TITLE, f"{TITLE}  description: 'See [this](javascript:order())'\n"),
        ),
    ),
    Rule(
        "no-x-security-both-scheme-and-scheme-name",
        "`scheme` and `schemeName` in one entry of `x-security`",
        (case("extension-ignored", CHARGE, f"{CHARGE}{SECURITY}      scheme: {{ type: http, scheme: bearer }}\n"),),
        note=SECURITY_NOTE,
    ),
    Rule(
        "no-x-security-scheme-name-without-openapi",
        "`schemeName` in a step that calls no operation of a description",
        (case("extension-ignored", f"{CHARGE}    operationId: chargeCustomer\n", f"{CHARGE}{SECURITY}"),),
        note=SECURITY_NOTE,
    ),
    Rule(
        "outputs-defined",
        "an output of a step or workflow that nothing declares",
        (
            case("unknown-output", "item: $steps.find.outputs.id", "item: $steps.find.outputs.ids"),
            case("unknown-output", CRITERION, "- condition: $steps.find.outputs.ids == 1"),
            case("unknown-step", "item: $steps.find.outputs.id", "item: $steps.fnd.outputs.id"),
            case(
                "unknown-output",
                "    receipt: $steps.charge.outputs.receipt\n",
                "    receipt: $workflows.order.outputs.reciept\n",
            ),
        ),
    ),
    Rule(
        "parameters-unique",
        "a parameter, or a reference to one, that stands twice in one list",
        (
            case("id-duplicate", ITEM, ITEM * 2),
            case("id-duplicate", ITEM, "    - reference: $components.parameters.item\n" * 2, COMPONENT),
            case(
                "id-duplicate",
                RETRY,
                "      type: goto\n      workflowId: other\n      parameters:\n"
                "      - { name: who, value: book }\n      - { name: who, value: pen }\n",
                OTHER,
            ),
        ),
        note="one name in two places, such as path and query, is two parameters: the specification says so",
    ),
    Rule(
        "requestBody-replacements-unique",
        "a target that stands twice in one list of replacements",
        (
            case(
                "entry-repeated",
                PAYLOAD,
                f"{PAYLOAD}      replacements:\n      - {{ target: /item, value: book }}\n"
                "      - { target: /item, value: pen }\n",
            ),
        ),
    ),
    Rule(
        "sourceDescription-name-unique",
        "two source descriptions of one name",
        (case("id-duplicate", SOURCES, "- name: shopApi\n  url: other-api.yaml\nworkflows"),),
    ),
    Rule(
        "sourceDescription-type",
        "a `type` that is missing or none of the specification's",
        (case("field-value", "type: openapi", "type: openpai"),),
        note="`type` is not required: a description without one is read for what it is",
    ),
    Rule(
        "sourceDescriptions-not-empty",
        "an empty list of source descriptions",
        (
            case(
                "empty-list",
                "sourceDescriptions:\n- name: shopApi\n  url: shop-api.yaml\n  type: openapi\n",
                "sourceDescriptions: []\n",
            ),
        ),
    ),
    Rule(
        "spec-action-mutually-exclusive-fields",
        "an action with `stepId` and `workflowId`",
        (case("exclusive-fields", RETRY, "      type: goto\n      stepId: find\n      workflowId: other\n", OTHER),),
    ),
    Rule(
        "spec-action-stepId-defined",
        "an action with the `stepId` of no step of the workflow",
        (case("unknown-step", RETRY, "      type: goto\n      stepId: fnd\n"),),
    ),
    Rule(
        "spec-outputs-invalid-map-name",
        "a name of an output with characters that it must not have",
        (
            case("invalid-name", "      price: $response", "      the price: $response"),
            case("invalid-name", "    receipt: $steps.charge", "    the receipt: $steps.charge"),
        ),
    ),
    Rule(
        "spec-parameters-in-by-context",
        "`in` of a parameter for a workflow, and `parameters` of an action without a workflow",
        (
            case("field-ignored", CHARGE, f"{MORE}    - {{ name: who, in: query, value: book }}\n{CHARGE}", OTHER),
            case(
                "parameter-location",
                RETRY,
                "      type: goto\n      workflowId: other\n      parameters: [{ name: a, in: query, value: b }]\n",
                OTHER,
            ),
            case("field-ignored", RETRY, "      type: end\n      parameters: [{ name: who, value: book }]\n"),
        ),
        note="`in` is forbidden in an action only; in a step that calls a workflow it says nothing, and is a warning",
    ),
    Rule(
        "spec-querystring-parameters",
        "a second `querystring` in a step, or a `query` beside one",
        (
            case(
                "parameter-location",
                ITEM,
                f"{ITEM}    - {{ name: q, in: querystring, value: a=1 }}\n"
                "    - { name: r, in: querystring, value: b=1 }\n",
            ),
            case(
                "parameter-location",
                ITEM,
                f"{ITEM}    - {{ name: q, in: querystring, value: a=1 }}\n    - {{ name: r, in: query, value: b }}\n",
            ),
        ),
    ),
    Rule(
        "spec-sourceDescriptions-defined",
        "a reference to a source description that is not listed",
        (
            case(
                "unknown-source",
                "operationId: findItem",
                "operationPath: '{$sourceDescriptions.nowhere.url}#/paths/~1items~1{item}/get'",
            ),
            case("unknown-source", CALLS, f"workflowId: {NOWHERE}\n"),
            case("unknown-source", RETRY, f"      type: goto\n      workflowId: {NOWHERE}\n"),
            case("unknown-source", CHARGE, f"{CHARGE}    dependsOn: [{NOWHERE}.steps.find]\n"),
        ),
    ),
    Rule(
        "spec-step-dependsOn-defined",
        "an entry of a step's `dependsOn` that names no step",
        (
            case("unknown-step", CHARGE, f"{CHARGE}    dependsOn: [fnd]\n"),
            case("unknown-step", CHARGE, f"{CHARGE}    dependsOn: [$workflows.other.steps.fnd]\n", OTHER),
            case("field-value", CHARGE, f"{CHARGE}    dependsOn: [$steps.find]\n"),
        ),
        note="a step of another document is looked up in that document",
    ),
    Rule(
        "spec-step-mutually-exclusive-fields",
        "a step that calls two things",
        (
            case(
                "exclusive-fields", "    operationId: findItem\n", "    operationId: findItem\n    workflowId: order\n"
            ),
        ),
    ),
    Rule(
        "spec-step-operationId-resolved",
        "an `operationId` that no source description has, or several have",
        (
            case("operation-not-found", "operationId: chargeCustomer", "operationId: chargeCustomers"),
            case(
                "operation-not-found",
                "operationId: chargeCustomer",
                "operationId: $sourceDescriptions.shopApi.chargeCustomers",
            ),
            case("unknown-source", "operationId: chargeCustomer", "operationId: $sourceDescriptions.shop.charge"),
            case("repaired", "operationId: findItem", "operationId: shopApi.findItem"),
            case("operation-ambiguous", SOURCES, "  type: openapi\n- name: otherApi\n  url: other-api.yaml\nworkflows"),
        ),
        note="`shopApi.findItem` without the `$sourceDescriptions.` in front is repaired, with a warning",
    ),
    Rule(
        "spec-step-parameters-in-required",
        "a parameter for an operation without `in`",
        (
            case("repaired", "      in: path\n", ""),
            case(
                "parameter-location",
                f"  steps:\n{FIND}",
                f"  parameters: [{{ name: t, value: a }}]\n  steps:\n{FIND}",
            ),
        ),
    ),
    Rule(
        "spec-step-workflowId-defined",
        "a step with a `workflowId` of no workflow",
        (
            case("unknown-workflow", CALLS, "workflowId: oder\n"),
            case("unknown-workflow", CALLS, "workflowId: $sourceDescriptions.shopApi.order\n"),
        ),
        note="a workflow of another document is looked up in that document",
    ),
    Rule(
        "step-onFailure-unique",
        "a failure action, or a reference to one, that stands twice in one list",
        (case("id-duplicate", OUTPUTS, f"    - {{ name: again, type: end }}\n{OUTPUTS}"),),
    ),
    Rule(
        "step-onSuccess-unique",
        "a success action, or a reference to one, that stands twice in one list",
        (
            case("id-duplicate", OUTPUTS, "    onSuccess:\n" + "    - { name: done, type: end }\n" * 2 + OUTPUTS),
            case(
                "id-duplicate",
                OUTPUTS,
                "    onSuccess:\n" + "    - reference: $components.successActions.done\n" * 2 + OUTPUTS,
                (END, f"{END}components:\n  successActions:\n    done: {{ name: done, type: end }}\n"),
            ),
        ),
    ),
    Rule("stepId-unique", "two steps of one id", (case("id-duplicate", CHARGE, FIND),)),
    Rule(
        "workflow-dependsOn",
        "an entry of a workflow's `dependsOn` that names no workflow, or stands there twice",
        (
            case("unknown-workflow", "- workflowId: order\n", "- workflowId: order\n  dependsOn: [oder]\n"),
            case("unknown-source", "- workflowId: order\n", f"- workflowId: order\n  dependsOn: [{NOWHERE}]\n"),
            case("id-duplicate", "- workflowId: order\n", "- workflowId: order\n  dependsOn: [other, other]\n", OTHER),
        ),
    ),
    Rule(
        "workflowId-unique",
        "two workflows of one id",
        (case("id-duplicate", "- workflowId: order\n", "- workflowId: other\n", OTHER),),
    ),
    Rule(
        "x-security-scheme-name-reference",
        "a `schemeName` that does not say which of several source descriptions it means",
        (case("extension-ignored", "  inputs:\n", f"{SECURITY.replace('    ', '  ', 1)}  inputs:\n"),),
        note=SECURITY_NOTE,
    ),
    Rule(
        "x-security-scheme-required-values",
        "a scheme of `x-security` without the values that it needs",
        (
            case(
                "extension-ignored",
                CHARGE,
                f"{CHARGE}    x-security: [{{ scheme: {{ type: http, scheme: basic }}, values: {{}} }}]\n",
            ),
        ),
        note=SECURITY_NOTE,
    ),
    Rule(
        "respect-supported-versions, version-enum",
        "a version of Arazzo that the tool does not know (earlier releases)",
        (case("version-unsupported", "arazzo: 1.1.0", "arazzo: 2.0.0"),),
    ),
    Rule(
        "parameters-not-in-body",
        "a parameter with `in: body` (earlier releases)",
        (case("field-value", "in: path", "in: body"),),
    ),
    Rule(
        "no-actions-type-end",
        "an action of type `end` (earlier releases)",
        answer="it is a type of the specification, and runs here",
    ),
)
