"""An example of each diagnostic: what is wrong, where that stands, and how it is written right.

The examples are parts of one shop: an Arazzo document, its API description, the inputs, a command, an answer of the
server. Nothing here decides anything; ``arazzo explain`` shows them, and a test runs them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Home(StrEnum):
    """Where the part of an example stands."""

    DOCUMENT = "in the Arazzo document"
    DESCRIPTION = "in the API description"
    INPUTS = "in the file"
    COMMAND = "in the command"
    ANSWER = "in what the server answers"
    STATUS = "in the status of the answer"


class Example(Struct, frozen=True):
    """A part that leads to the diagnostic, and what stands in its place otherwise."""

    home: Home
    wrong: str
    right: str


# no document and no command leads to `engine-bug`, `observer-bug` and `request-not-signed`
EXAMPLES: Final[dict[str, Example]] = {
    "api-malformed": Example(
        Home.DESCRIPTION,
        "parameters: { item: string }",
        "parameters:\n- { name: item, in: path, required: true, schema: { type: string } }",
    ),
    "contract-unchecked": Example(
        Home.DESCRIPTION, "multipart/mixed:\n  schema: { type: array }", "application/xml:\n  schema: { type: string }"
    ),
    "credential-malformed": Example(Home.COMMAND, "--auth token=no-colon-here", "--auth token=user:password"),
    "credential-missing": Example(
        Home.DOCUMENT,
        "- name: X-Authorization\n  in: header\n  value: Bearer {$inputs.token}",
        "- name: Authorization\n  in: header\n  value: Bearer {$inputs.token}",
    ),
    "credential-shared": Example(
        Home.COMMAND,
        "--auth token=t0ken-1",
        "--auth token=t0ken-1 --allow-host shop.example.com --allow-host stock.example",
    ),
    "credentials-exposed": Example(Home.COMMAND, "--auth-file open.yaml", "--auth-file credentials.yaml"),
    "credentials-unreadable": Example(Home.COMMAND, "--auth-file nowhere.yaml", "--auth-file credentials.yaml"),
    "dependency-cycle": Example(Home.DOCUMENT, "- workflowId: order\n  dependsOn: [order]", "- workflowId: order"),
    "dependency-not-completed": Example(Home.DOCUMENT, "dependsOn: [find]", "dependsOn: []"),
    "document-too-deep": Example(Home.DOCUMENT, "title: [[[[…]]]]", "title: Order a thing"),
    "document-too-large": Example(
        Home.DOCUMENT,
        "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]",
        "a: &a [x]\nb: &b [*a]",
    ),
    "duplicate-key": Example(Home.DOCUMENT, "version: 1.0.0\nversion: 2.0.0", "version: 2.0.0"),
    "empty-list": Example(Home.DOCUMENT, "successCriteria: []", "successCriteria:\n- condition: $statusCode == 201"),
    "exclusive-fields": Example(Home.DOCUMENT, "operationId: findItem\nworkflowId: order", "operationId: findItem"),
    "expression-as-text": Example(Home.DOCUMENT, "note: ${{ inputs.note }}", "note: $inputs.note"),
    "expression-unavailable": Example(Home.DOCUMENT, "note: $response.body#/note", "note: $steps.find.outputs.id"),
    "extension-ignored": Example(Home.DOCUMENT, "note: $faker.lorem.word()", "note: hello"),
    "field-ignored": Example(
        Home.DOCUMENT, "type: end\nretryAfter: 0\nretryLimit: 1", "type: retry\nretryAfter: 0\nretryLimit: 1"
    ),
    "field-missing": Example(Home.DOCUMENT, "- stepID: charge", "- stepId: charge"),
    "field-type": Example(Home.DOCUMENT, "retryLimit: one", "retryLimit: 1"),
    "field-unknown": Example(
        Home.DOCUMENT,
        "succesCriteria:\n- condition: $statusCode == 201",
        "successCriteria:\n- condition: $statusCode == 201",
    ),
    "field-value": Example(Home.DOCUMENT, "type: retri", "type: retry"),
    "forward-reference": Example(Home.DOCUMENT, "value: $steps.charge.outputs.receipt", "value: $inputs.item"),
    "header-refused": Example(
        Home.DOCUMENT, "- name: Transfer-Encoding\n  in: header", "- name: Authorization\n  in: header"
    ),
    "host-not-allowed": Example(
        Home.COMMAND, "--allow-host api.example.com --allow-host *.example.org", "--allow-host shop.example.com"
    ),
    "id-characters": Example(Home.DOCUMENT, "- workflowId: order it", "- workflowId: order-it"),
    "id-duplicate": Example(
        Home.DOCUMENT,
        "- stepId: find\n  operationId: chargeCustomer",
        "- stepId: charge\n  operationId: chargeCustomer",
    ),
    "input-file-unread": Example(Home.INPUTS, 'note: "@inputs.yaml"', "note: hello"),
    "input-invalid": Example(Home.INPUTS, "item: ruler\namount: twelve", "item: book\namount: 12"),
    "input-missing": Example(
        Home.INPUTS, "token: secret-token-1\nitem: book", "token: secret-token-1\nitem: book\namount: 12.5"
    ),
    "input-needed": Example(Home.DOCUMENT, "value: $inputs.note", "value: $inputs.item"),
    "input-not-passed": Example(
        Home.DOCUMENT,
        "- stepId: more\n  workflowId: other",
        "- stepId: more\n  workflowId: other\n  parameters:\n  - { name: who, value: book }",
    ),
    "input-schema-invalid": Example(Home.DOCUMENT, "note: { type: strnig }", "note: { type: string }"),
    "input-undeclared": Example(Home.DOCUMENT, "required: [token, item, amuont]", "required: [token, item, amount]"),
    "input-unknown": Example(Home.INPUTS, "noet: hello", "note: hello"),
    "input-unsendable": Example(Home.COMMAND, "-i note=..", "-i note=book"),
    "inputs-unreadable": Example(Home.COMMAND, "--inputs nowhere.yaml", "--inputs inputs.yaml"),
    "interrupted": Example(Home.ANSWER, "(Ctrl-C while the answer was awaited)", '{"receipt": "receipt-1"}'),
    "invalid-condition": Example(Home.DOCUMENT, "condition: $statusCode = 201", "condition: $statusCode == 201"),
    "invalid-expression": Example(Home.DOCUMENT, "receipt: $response.bdy#/receipt", "receipt: $response.body#/receipt"),
    "invalid-name": Example(Home.DOCUMENT, "the receipt: $response.body#/receipt", "receipt: $response.body#/receipt"),
    "invalid-query": Example(Home.DOCUMENT, "type: regex\ncondition: ^2(0\\d$", "type: regex\ncondition: ^20\\d$"),
    "literal-refused": Example(
        Home.DOCUMENT, "amout: $inputs.amount\ncurrency: euro", "amount: $inputs.amount\ncurrency: EUR"
    ),
    "malformed-json": Example(
        Home.INPUTS, '{"arazzo": "1.1.0", "info": {"title": "x",}}', '{"arazzo": "1.1.0", "info": {"title": "x"}}'
    ),
    "malformed-yaml": Example(Home.DOCUMENT, "info:\n\ttitle: Order a thing", "info:\n  title: Order a thing"),
    "name-undescribed": Example(Home.DOCUMENT, "noet: $inputs.note", "note: $inputs.note"),
    "nesting-limit": Example(
        Home.DOCUMENT, "- stepId: again\n  workflowId: order", "- stepId: again\n  workflowId: other"
    ),
    "not-arazzo": Example(Home.COMMAND, "arazzo run shop-api.yaml", "arazzo run orders.arazzo.yaml"),
    "operation-ambiguous": Example(
        Home.DESCRIPTION,
        "/refunds:\n  post: { operationId: chargeCustomer, responses: {} }",
        "/refunds:\n  post: { operationId: refundCustomer, responses: {} }",
    ),
    "operation-not-found": Example(Home.DOCUMENT, "operationId: chargeCustomers", "operationId: chargeCustomer"),
    "operation-path-invalid": Example(
        Home.DOCUMENT,
        "operationPath: /items/{id}/x",
        "operationPath: '{$sourceDescriptions.shopApi.url}#/paths/~1items~1{item}/get'",
    ),
    "operation-unqualified": Example(
        Home.DOCUMENT, "operationId: chargeCustomer", "operationId: $sourceDescriptions.shopApi.chargeCustomer"
    ),
    "option-invalid": Example(
        Home.COMMAND, "--server shopApi=shop.example.com", "--server shopApi=https://shop.example.com"
    ),
    "output-absent": Example(Home.ANSWER, "{}", '{"receipt": "receipt-1"}'),
    "parameter-location": Example(
        Home.DOCUMENT, "- name: item\n  value: $inputs.item", "- name: item\n  in: path\n  value: $inputs.item"
    ),
    "path-parameter-mismatch": Example(Home.DOCUMENT, "- name: itm\n  in: path", "- name: item\n  in: path"),
    "pattern-delimited": Example(
        Home.DOCUMENT, "type: regex, condition: '/^item/i'", "type: regex, condition: '(?i)^item'"
    ),
    "pointer-nowhere": Example(Home.DOCUMENT, "tag: $response.body#/tags/name", "tag: $response.body#/tags/0/name"),
    "reference-loop": Example(
        Home.DESCRIPTION,
        "parameters:\n- $ref: '#/paths/~1items~1{item}/get/parameters/0'",
        "parameters:\n- { name: item, in: path, required: true, schema: { type: string } }",
    ),
    "reference-not-found": Example(
        Home.DESCRIPTION,
        "- $ref: '#/components/parameters/item'",
        "- { name: item, in: path, required: true, schema: { type: string } }",
    ),
    "repaired": Example(Home.DOCUMENT, "price: $response.body.price", "price: $response.body#/price"),
    "replacement-target": Example(
        Home.DOCUMENT, "- { target: /nte, value: hello }", "- { target: /item, value: hello }"
    ),
    "report-too-large": Example(Home.COMMAND, "--max-report 1", "--max-report 256000000"),
    "request-body-malformed": Example(
        Home.DOCUMENT,
        "payload: '{\"item\": {$steps.find.outputs.id}}'",
        'payload: \'{"item": "{$steps.find.outputs.id}"}\'',
    ),
    "request-body-missing": Example(
        Home.DOCUMENT,
        "requestBody:\n  contentType: application/json",
        "requestBody:\n  contentType: application/json\n  payload: { item: $steps.find.outputs.id }",
    ),
    "request-body-unsupported": Example(Home.DOCUMENT, "contentType: text/plain", "contentType: application/json"),
    "request-contract": Example(
        Home.DESCRIPTION,
        "schema: { properties: { amount: { type: string } } }",
        "schema: { properties: { amount: { type: number } } }",
    ),
    "request-in-doubt": Example(Home.ANSWER, "(the connection is closed before an answer)", '{"receipt": "receipt-1"}'),
    "required-parameter-missing": Example(
        Home.DESCRIPTION, "- { name: shop, in: query, required: true }", "- { name: shop, in: query, required: false }"
    ),
    "response-contract": Example(
        Home.DESCRIPTION,
        "schema: { properties: { price: { type: string } } }",
        "schema: { properties: { price: { type: number } } }",
    ),
    "response-undocumented": Example(Home.STATUS, "206", "200"),
    "result-unwritten": Example(Home.COMMAND, "--output /dev/full", "--output result.json"),
    "run-time-limit": Example(Home.COMMAND, "--timeout 0.000001", "--timeout 60"),
    "security-undefined": Example(Home.DESCRIPTION, "- tokn: []", "- token: []"),
    "server-missing": Example(
        Home.DESCRIPTION, "servers:\n- url: ftp://shop.example.com", "servers:\n- url: https://shop.example.com"
    ),
    "server-not-named": Example(Home.COMMAND, "--server shopApi=https://127.0.0.1", "--server https://127.0.0.1"),
    "server-relative": Example(
        Home.DESCRIPTION, "servers:\n- url: /v1", "servers:\n- url: https://shop.example.com/v1"
    ),
    "server-variable": Example(Home.COMMAND, "--server-var region=ue", "--server-var region=eu"),
    "source-not-found": Example(Home.DOCUMENT, "url: https://shop.example/shop-api.yaml", "url: shop-api.yaml"),
    "source-type": Example(Home.DOCUMENT, "url: inputs.yaml\ntype: openapi", "url: shop-api.yaml\ntype: openapi"),
    "status-impossible": Example(
        Home.DOCUMENT,
        "condition: $statusCode == 200 || $statusCode == 20",
        "condition: $statusCode == 200 || $statusCode == 202",
    ),
    "step-limit": Example(Home.COMMAND, "--max-steps 1", "--max-steps 10"),
    "tls-unverified": Example(Home.COMMAND, "--insecure", "--ca-bundle authority.pem"),
    "token-not-granted": Example(Home.COMMAND, "--auth token=shop:secret-token-2", "--auth token=secret-token-2"),
    "token-not-kept": Example(Home.COMMAND, "--auth-file rotating.yaml", "--auth-file credentials.yaml"),
    "unknown-component": Example(
        Home.DOCUMENT, "- reference: $components.parameters.item", "- name: item\n  in: path\n  value: $inputs.item"
    ),
    "unknown-input": Example(Home.DOCUMENT, "amount: $inputs.amuont", "amount: $inputs.amount"),
    "unknown-output": Example(Home.DOCUMENT, "item: $steps.find.outputs.ids", "item: $steps.find.outputs.id"),
    "unknown-source": Example(
        Home.DOCUMENT,
        "operationId: $sourceDescriptions.shopApis.findItem",
        "operationId: $sourceDescriptions.shopApi.findItem",
    ),
    "unknown-step": Example(Home.DOCUMENT, "type: goto\nstepId: fnd", "type: goto\nstepId: find"),
    "unknown-workflow": Example(Home.DOCUMENT, "type: goto\nworkflowId: odrer", "type: goto\nworkflowId: order"),
    "unsupported-feature": Example(
        Home.DOCUMENT, "condition: $message.payload == 1", "condition: $response.body#/receipt == 1"
    ),
    "value-missing": Example(Home.ANSWER, '{"price": 3.5}', '{"id": "item-1", "price": 3.5}'),
    "value-too-large": Example(Home.COMMAND, "--max-value 130", "--max-value 64000000"),
    "value-unsendable": Example(Home.ANSWER, '{"id": "a\\nb"}', '{"id": "item-1"}'),
    "version-unsupported": Example(Home.DOCUMENT, "arazzo: 2.0.0", "arazzo: 1.1.0"),
    "workflow-not-chosen": Example(
        Home.COMMAND,
        "arazzo run orders.arazzo.yaml --inputs inputs.yaml",
        "arazzo run orders.arazzo.yaml --inputs inputs.yaml --workflow order",
    ),
    "workflow-not-found": Example(Home.COMMAND, "--workflow ordr", "--workflow order"),
    "yaml-feature": Example(Home.DOCUMENT, "title: !!binary aGVsbG8=", "title: hello"),
}
