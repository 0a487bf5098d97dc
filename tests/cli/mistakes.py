"""The mistakes of the golden tests: what is changed in the shop's documents, how the command is called, what answers.

Each is one row. The exact text that a user sees stands in ``golden/<name>.txt``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from loopback import Reply

Edit: TypeAlias = tuple[str, str]

FOUND = Reply(200, body={"id": "item-1", "price": 3.5})
CHARGED = Reply(201, body={"receipt": "receipt-1"})


@dataclass(frozen=True)
class Mistake:
    """``edits`` replace text in the Arazzo document, ``api`` in the OpenAPI description, ``inputs`` in the inputs."""

    name: str
    exit_code: int
    edits: tuple[Edit, ...] = ()
    api: tuple[Edit, ...] = ()
    inputs: tuple[Edit, ...] = ()
    arguments: str = "run orders.arazzo.yaml --inputs inputs.yaml --server {url}"
    find: Reply = FOUND
    charge: Reply = CHARGED
    sent: int = 0


_INPUTS = "token: secret-token-1\nitem: book\namount: 12.5\n"
_CRITERION = "    - condition: $statusCode == 201\n"
_TWO_SOURCES = (
    "  type: openapi\nworkflows",
    "  type: openapi\n- name: otherApi\n  url: shop-api.yaml\n  type: openapi\nworkflows",
)
_SECOND_WORKFLOW = (
    "  outputs:\n    receipt: $steps.charge.outputs.receipt\n",
    "  outputs:\n    receipt: $steps.charge.outputs.receipt\n"
    "- workflowId: other\n  inputs:\n    type: object\n    required: [who]\n    properties:\n      who: { type: string }\n"
    "  steps:\n  - stepId: find\n    operationId: findItem\n    parameters:\n    - { name: item, in: path, value: $inputs.who }\n",
)


def _second(after: str) -> tuple[Edit, Edit]:
    """Add the second workflow, and put more after the first step of the first one."""
    return (_SECOND_WORKFLOW, ("  - stepId: charge\n", after + "  - stepId: charge\n"))


# another workflow that is called with what `order` is called with
_ALIKE = (
    _SECOND_WORKFLOW[0],
    _SECOND_WORKFLOW[1]
    .replace("    required: [who]\n", "")
    .replace(
        "      who: { type: string }\n",
        "      token: {}\n      item: { type: string }\n      amount: { type: number }\n",
    )
    .replace("$inputs.who", "$inputs.item"),
)

_CALLED = "- name: called\n  url: called.arazzo.yaml\n  type: arazzo\n"
_CALLING = (
    "  - stepId: again\n    workflowId: $sourceDescriptions.called.order\n    parameters:\n"
    "    - { name: token, value: $inputs.token }\n    - { name: item, value: $inputs.item }\n"
    "    - { name: amount, value: $inputs.amount }\n"
)

_BATCH = "batch orders.arazzo.yaml --each rows.csv -i token=secret-token-1 --server {url} --output out.jsonl"

# mistakes of published documents: each of these lines is repaired
_REPAIRED = (
    ("operationId: findItem", "operationId: $sourceDescriptions.shopAPI.findItem"),
    ("price: $response.body#/price", "price: $response.body.price\n      found: $response.body"),
    ("Bearer {$inputs.token}", "Bearer $inputs.token"),
    ("item: $steps.find.outputs.id", "item: $steps.find.outputs.found.id"),
    (
        "condition: $statusCode == 201",
        "context: $response.body\n      type: jsonpath\n      condition: $.receipt != null",
    ),
    ("condition: $statusCode == 503", "condition: $response.header.Content-Type == application/problem+json"),
)

_ORDER = (
    "schema: { type: object }",
    "schema:\n              type: object\n              required: [item, amount]\n              properties:\n"
    "                item: { type: string }\n                amount: { type: number }\n"
    "                currency: { type: string, enum: [EUR, USD] }\n                note: { type: string }",
)

_OUTPUT = "    outputs:\n      receipt: $response.body#/receipt\n"
_REFUND = (
    "  - stepId: refund\n    operationId: findItem\n    parameters: [{ name: item, in: path, value: book }]\n"
    "    outputs: { receipt: $response.body#/id }\n"
)
_ENDS = "    onSuccess:\n    - { name: done, type: end }\n"
_TOKEN = "    parameters:\n    - { name: Authorization, in: header, value: 'Bearer {$inputs.token}' }\n"
# the failure of a step leads to one that reads what the step would have given
_UNDO = (
    (
        "      - condition: $statusCode == 503\n" + _OUTPUT,
        "      - condition: $statusCode == 503\n    - { name: undo, type: goto, stepId: refund }\n"
        + _ENDS
        + _OUTPUT
        + "  - stepId: refund\n    operationId: chargeCustomer\n"
        + _TOKEN
        + "    requestBody:\n      contentType: application/json\n"
        "      payload:\n        item: book\n"
        "        note: $steps.charge.outputs.receipt  # the way here is an `onFailure` of step `charge`\n",
    ),
)
# a way past the step that is read
_LEFT_OUT = (
    (
        "      price: $response.body#/price\n",
        "      price: $response.body#/price\n    onSuccess:\n    - name: skip\n      type: goto\n      stepId: charge\n"
        "      criteria: [{ condition: $response.body#/price == null }]\n"
        "  - stepId: price\n    operationId: findItem\n    parameters: [{ name: item, in: path, value: book }]\n"
        "    outputs: { price: $response.body#/price }\n",
    ),
    (
        "note: $inputs.note",
        "note: $steps.price.outputs.price  # an action of step `find` leads past step `price`",
    ),
)
# a way back to the step that is read, which sends what it was answered with
_LATER = (
    (
        "      value: $inputs.item\n",
        "      value: $inputs.item\n    - name: since  # of step `find`, to which an action leads back\n"
        "      in: query\n      value: $steps.find.outputs.id\n"
        "    onSuccess:\n    - name: more\n      type: goto\n      stepId: find\n"
        "      criteria: [{ condition: $response.body#/more == true }]\n",
    ),
)
_SINCE = (
    "required: true, schema: { type: string } }\n",
    "required: true, schema: { type: string } }\n      - { name: since, in: query, schema: { type: string } }\n",
)
_NEVER_ASSIGNED = (
    (_OUTPUT, _ENDS + _OUTPUT + _REFUND),
    ("  outputs:\n    receipt: $steps.charge", "  outputs:\n    receipt: $steps.refund"),
)

MISTAKES = (
    Mistake("repaired", 0, edits=_REPAIRED, sent=2),
    Mistake(
        "repaired-strict",
        3,
        edits=_REPAIRED,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --strict",
    ),
    Mistake(
        "repaired-undeclared-inputs",
        2,
        edits=(
            (
                "  inputs:\n    type: object\n    required: [token, item, amount]\n    properties:\n"
                "      token: { type: string, format: password }\n"
                "      item: { type: string, enum: [book, pen] }\n"
                "      amount: { type: number, minimum: 1 }\n      note: { type: string }\n",
                "",
            ),
        ),
    ),
    # what a rehearsal is told
    Mistake(
        "answer-invalid",
        2,
        inputs=((_INPUTS, "find: { status: created }\n"),),
        arguments="rehearse orders.arazzo.yaml --answers inputs.yaml",
    ),
    Mistake(
        "answer-invalid-everywhere",
        2,
        inputs=(
            (
                _INPUTS,
                "fnd: {}\n"
                "order.find:\n- 200\n- { stat: 200, status: 99, error: timeout }\n- { error: timeuot, delay: -1 }\n"
                "find: { headers: { X-A: {} } }\n"
                "charge: { headers: text, status: '201', delay: soon }\n",
            ),
        ),
        arguments="rehearse orders.arazzo.yaml --answers inputs.yaml",
    ),
    Mistake(
        "answer-invalid-text",
        2,
        inputs=((_INPUTS, "find: [\n"),),
        arguments="rehearse orders.arazzo.yaml --answers inputs.yaml",
    ),
    Mistake(
        "scenario-invalid",
        1,
        inputs=((_INPUTS, "scenario: 1\ndocument: orders.arazzo.yaml\nexpect:\n  outcome: success\n"),),
        arguments="test inputs.yaml",
    ),
    Mistake("answer-invalid-file", 2, arguments="rehearse orders.arazzo.yaml --answers nowhere.yaml"),
    Mistake(
        "answer-unused",
        1,
        arguments="rehearse orders.arazzo.yaml --inputs inputs.yaml --fail find=404 --fail charge=402",
    ),
    Mistake("fail-unknown-step", 2, arguments="rehearse orders.arazzo.yaml --inputs inputs.yaml --fail chrge=402"),
    Mistake("fail-no-failure", 2, arguments="rehearse orders.arazzo.yaml --inputs inputs.yaml --fail charge=declined"),
    Mistake("fail-without-step", 2, arguments="rehearse orders.arazzo.yaml --inputs inputs.yaml --fail =402"),
    Mistake(
        "fail-twice", 2, arguments="rehearse orders.arazzo.yaml --inputs inputs.yaml --fail charge=402 --fail charge"
    ),
    # the text itself
    Mistake(
        "ignore-unused",
        0,
        edits=(("title: Order a thing", "title: Order a thing # arazzo-ignore: operation-not-found"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "ignore-unused-and-misspelt",
        0,
        edits=(("title: Order a thing", "title: Order a thing # arazzo-ignore: operation-notfound"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake("malformed-yaml", 3, edits=(("info:\n  title: Order", "info:\n\ttitle: Order"),)),
    Mistake("malformed-yaml-quotes", 3, edits=(("title: Order a thing", "title: Order: a thing"),)),
    Mistake(
        "malformed-json",
        3,
        inputs=(("token: secret-token-1\nitem: book\namount: 12.5\n", '{"arazzo": "1.1.0", "info": {"title": True}}'),),
        arguments="validate inputs.json",
    ),
    Mistake(
        "malformed-json-inputs",
        2,
        inputs=(
            (
                "token: secret-token-1\nitem: book\namount: 12.5\n",
                '{"token": "secret-token-1", "item": "book",}',
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.json",
    ),
    Mistake("duplicate-key", 3, edits=(("  version: 1.0.0\n", "  version: 1.0.0\n  version: 2.0.0\n"),)),
    Mistake("yaml-feature", 3, edits=(("title: Order a thing", "title: !!binary aGVsbG8="),)),
    Mistake("document-too-deep", 3, edits=(("title: Order a thing", "title: " + "[" * 300 + "]" * 300),)),
    Mistake(
        "document-too-large",
        3,
        edits=(
            (
                "title: Order a thing",
                "x-bomb:\n    a: &a [x, x, x, x, x, x, x, x, x, x]\n"
                + "".join(
                    f"    {b}: &{b} [{', '.join(['*' + a] * 10)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
                )
                + "  title: x",
            ),
        ),
    ),
    # the Arazzo document
    Mistake(
        "field-ignored",
        0,
        edits=(("      type: retry\n", "      type: end\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake("expression-as-text", 0, edits=(("note: $inputs.note", "note: <%= note %>"),), sent=2),
    Mistake("expression-without-quotes", 3, edits=(("note: $inputs.note", "note: {$inputs.note, $inputs.item}"),)),
    Mistake("expression-nearly", 3, edits=(("note: $inputs.note", "note: $inputsnote"),)),
    Mistake(
        "status-impossible",
        0,
        edits=(
            ("    - condition: $statusCode == 200\n", "    - condition: $statusCode == 200 || $statusCode == 20\n"),
        ),
        sent=2,
    ),
    Mistake(
        "extension-ignored",
        0,
        edits=(
            ("note: $inputs.note", "note: '{{$randomUUID}}'"),
            ("  - stepId: charge\n", "  - stepId: charge\n    x-security: [{scheme: Bearer}]\n"),
        ),
        sent=2,
    ),
    Mistake(
        "replacements-without-payload",
        3,
        edits=(
            (
                "      payload:\n        item: $steps.find.outputs.id\n        amount: $inputs.amount\n        note: $inputs.note\n",
                "      replacements:\n      - { target: /note, value: $inputs.note }\n",
            ),
        ),
    ),
    Mistake(
        "pattern-delimited",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - { context: $response.body#/id, type: regex, condition: '/^item/i' }\n",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "pattern-over-object",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - { context: $response.body, type: regex, condition: '\"id\":' }\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: {} } }",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "pattern-unanchored",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - { context: $statusCode, type: regex, condition: '20*' }\n",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "comparison-decided",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - condition: $response.body#/state == 'finishd' || $statusCode == 200\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: {}, state: { enum: [finished] } } }",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "filter-over-object",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - context: $response.body\n      type: jsonpath\n      condition: $[?@.price > 3]\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: { type: number } } }",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "status-undocumented",
        0,
        edits=(("    - condition: $statusCode == 200\n", "    - condition: $statusCode == 202\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "type-refused",
        3,
        edits=(
            ("      id: $response.body#/id\n", "      id: $response.body#/id\n      name: $response.body#/name\n"),
            (
                "        amount: $inputs.amount\n",
                "        amount: $steps.find.outputs.name  # a text, and the operation takes a number\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: {}, name: { type: string } } }",
            ),
            _ORDER,
        ),
    ),
    Mistake(
        "body-whole",
        0,
        edits=(
            (
                "      id: $response.body#/id\n      price: $response.body#/price\n",
                "      id: $response.body\n      price: $response.body\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: {} } }",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "part-undescribed",
        0,
        edits=(
            ("      id: $response.body#/id\n", "      id: $response.body#/id\n      stock: $response.body#/stok\n"),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: {}, stock: {} } }",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "pointer-nowhere",
        3,
        edits=(
            (
                "      id: $response.body#/id\n",
                "      id: $response.body#/id\n      cost: $response.body#/price/amount\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { type: object, properties: { id: {}, price: { type: number } } }",
            ),
        ),
    ),
    Mistake(
        "literal-refused",
        3,
        edits=(
            (
                "        amount: $inputs.amount\n",
                "        amout: $inputs.amount\n        currency: euro  # described with `enum: [EUR, USD]`\n",
            ),
        ),
        api=(_ORDER,),
    ),
    Mistake(
        "reference-in-a-value",
        3,
        edits=(
            (
                "      payload:\n        item: $steps.find.outputs.id\n        amount: $inputs.amount\n        note: $inputs.note\n",
                "      payload: { $ref: order.json }\n",
            ),
        ),
    ),
    Mistake("name-misspelt", 0, edits=(("amount: $inputs.amount", "amuont: $inputs.amount"),), sent=2),
    Mistake("name-undescribed", 0, edits=(("note: $inputs.note", "noet: $inputs.note"),), api=(_ORDER,), sent=2),
    Mistake(
        "action-type-misspelt",
        3,
        edits=(("      type: retry\n", "      type: rety\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "id-characters",
        0,
        edits=(("- workflowId: order", "- workflowId: order it"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "invalid-condition-empty",
        3,
        edits=(("    - condition: $statusCode == 201", "    - condition: ''"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake("not-arazzo", 3, arguments="run shop-api.yaml"),
    Mistake("version-unsupported", 3, edits=(("arazzo: 1.1.0", "arazzo: 2.0.0"),)),
    Mistake("field-missing", 3, edits=(("  - stepId: charge\n", "  - stpId: charge\n"),)),
    Mistake("field-type", 3, edits=(("      retryLimit: 1\n", "      retryLimit: one\n"),)),
    Mistake("field-unknown", 3, edits=(("    successCriteria:\n" + _CRITERION, "    succesCriteria:\n" + _CRITERION),)),
    Mistake("field-value", 3, edits=(("      type: retry\n", "      type: retri\n"),)),
    Mistake(
        "empty-list",
        3,
        edits=(("workflows:\n", "workflows:\n- workflowId: empty\n  steps: []\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "exclusive-fields",
        3,
        edits=(
            (
                "    operationId: findItem\n",
                "    operationId: findItem\n"
                "    operationPath: '{$sourceDescriptions.shopApi.url}#/paths/~1items~1{item}/get'\n",
            ),
        ),
    ),
    Mistake("id-duplicate", 3, edits=(("  - stepId: charge\n", "  - stepId: find\n"),)),
    Mistake(
        "invalid-name",
        3,
        edits=(
            (
                "  outputs:\n    receipt: $steps.charge.outputs.receipt\n",
                "  outputs:\n    receipt: $steps.charge.outputs.receipt\n"
                "components:\n  parameters:\n    the note: { name: note, in: header, value: a gift }\n",
            ),
        ),
    ),
    Mistake("invalid-condition", 3, edits=(("$statusCode == 201", "$statusCode => 201"),)),
    Mistake(
        "invalid-condition-quotes",
        1,
        edits=(("condition: $statusCode == 201", 'condition: $response.body.state == "{$inputs.item}"'),),
        sent=2,
    ),
    Mistake(
        "invalid-query-pattern",
        3,
        edits=(
            ("condition: $statusCode == 201", "context: $statusCode\n      type: regex\n      condition: ^2(0\\d$"),
        ),
    ),
    Mistake(
        "invalid-query-jsonpath",
        3,
        edits=(
            (
                "condition: $statusCode == 201",
                "context: $response.body\n      type: jsonpath\n      condition: $.receipts[0,]",
            ),
        ),
    ),
    Mistake(
        "query-fails",
        1,
        edits=(
            (
                "condition: $statusCode == 201",
                "context: $response.body\n      type: jsonpath\n"
                "      condition: $[?@.receipt == '{$steps.find.outputs.id}']",
            ),
        ),
        sent=2,
    ),
    Mistake("invalid-expression", 3, edits=(("$response.body#/receipt", "$response.bdy#/receipt"),)),
    Mistake("invalid-expression-embedded", 3, edits=(("Bearer {$inputs.token}", "Bearer {$input.token}"),)),
    Mistake(
        "parameter-location",
        3,
        edits=(("    - name: item\n", "    - name: note\n      value: $inputs.item\n    - name: item\n"),),
    ),
    Mistake(
        "parameter-beside-querystring",
        3,
        edits=(
            (
                "    - name: item\n      in: path\n",
                "    - { name: all, in: querystring, value: a=b }\n    - { name: page, in: query, value: 2 }\n"
                "    - name: item\n      in: path\n",
            ),
        ),
    ),
    # what other formats have, and what was meant by it
    Mistake(
        "inputs-without-properties",
        3,
        edits=(
            (
                "    type: object\n    required: [token, item, amount]\n    properties:\n"
                "      token: { type: string, format: password }\n"
                "      item: { type: string, enum: [book, pen] }\n",
                "    item: string\n    token: { type: string }\n    properties:\n",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "input-allowed-and-not-listed",
        0,
        edits=(("      note: { type: string }\n", "    additionalProperties: true\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "body-without-payload",
        0,
        edits=(
            ("      contentType: application/json\n      payload:\n", ""),
            ("        item: $steps", "      item: $steps"),
            *tuple((f"        {name}: $", f"      {name}: $") for name in ("amount", "note")),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "headers-of-a-step",
        0,
        edits=(("    operationId: findItem\n", "    operationId: findItem\n    headers:\n      X-Trace: a\n"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "condition-as-text",
        0,
        edits=(("    - condition: $statusCode == 201", "    - $statusCode == 201"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "duration-as-text",
        0,
        edits=(("retryAfter: 0", "retryAfter: 1s"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "outputs-by-number",
        3,
        edits=(("item: $steps.find.outputs.id", "item: $outputs[0].id"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "context-as-jsonpath",
        3,
        edits=(("condition: $statusCode == 201", "context: $.receipt\n      type: regex\n      condition: ^r"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "condition-as-jsonpath",
        0,
        edits=(("condition: $statusCode == 201", "condition: $.receipt != null"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "length-of-a-list",
        0,
        edits=(("price: $response.body#/price", "price: $response.body.prices.length"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "length-of-a-list-in-a-condition",
        0,
        edits=(("condition: $statusCode == 201", "condition: $response.body.receipts.length > 0"),),
        charge=Reply(201, body={"receipts": ["a", "b"]}),
        sent=2,
    ),
    Mistake(
        "json-sent-as-html",
        1,
        edits=(("condition: $statusCode == 201", "condition: $response.body#/receipt == 'a'"),),
        charge=Reply(201, headers=(("Content-Type", "text/html; charset=utf-8"),), body='{"receipt": "a"}'),
        sent=2,
    ),
    Mistake(
        "component-by-pointer",
        0,
        edits=(
            (
                "    - name: item\n      in: path\n      value: $inputs.item\n",
                "    - $ref: '#/components/parameters/item'\n",
            ),
            (
                "\nworkflows:\n",
                "\ncomponents:\n  parameters:\n    item: { name: item, in: path, value: $inputs.item }\nworkflows:\n",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "component-of-another-document",
        3,
        edits=(
            (
                "    - name: Authorization\n      in: header\n      value: Bearer {$inputs.token}\n",
                "    - $ref: other.yaml#/components/parameters/token\n",
            ),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "type-without-context",
        0,
        edits=(("condition: $statusCode == 201", "condition: $statusCode == 201\n      type: simple"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "asynchronous-fields-of-an-http-step",
        0,
        edits=(
            ("    operationId: findItem\n", "    operationId: findItem\n    action: receive\n    correlationId: a\n"),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "source-name-that-no-expression-can-name",
        0,
        edits=(("- name: shopApi", "- name: shop api"),),
        arguments="validate orders.arazzo.yaml",
    ),
    # what names refer to
    Mistake(
        "source-not-found",
        3,
        edits=(("url: shop-api.yaml", "url: https://apis.internal/shop-api.yaml"),),
        arguments="validate orders.arazzo.yaml --proxy http://127.0.0.1:9",
    ),
    Mistake("source-moved", 0, edits=(("url: shop-api.yaml", "url: apis/shop-api.yaml"),), sent=2),
    Mistake("source-type", 3, edits=(("url: shop-api.yaml", "url: inputs.yaml"),)),
    Mistake("operation-not-found", 3, edits=(("operationId: chargeCustomer", "operationId: chargeCustomers"),)),
    Mistake(
        "operation-ambiguous",
        3,
        api=(
            ("  /charges:\n", "  /refunds:\n    post: { operationId: chargeCustomer, responses: {} }\n  /charges:\n"),
        ),
    ),
    Mistake("operation-described-twice", 0, edits=(_TWO_SOURCES,), sent=2),
    Mistake(
        "operation-unqualified",
        0,
        edits=(
            _TWO_SOURCES,
            ("url: shop-api.yaml\n  type: openapi\nworkflows", "url: other-api.yaml\n  type: openapi\nworkflows"),
        ),
        sent=2,
    ),
    Mistake("operation-path-invalid", 3, edits=(("operationId: findItem", "operationPath: /items/{id}/x"),)),
    Mistake(
        "unknown-source", 3, edits=(("operationId: findItem", "operationId: $sourceDescriptions.shopApis.findItem"),)
    ),
    Mistake(
        "unknown-step",
        3,
        edits=(
            ("      type: retry\n      retryAfter: 0\n      retryLimit: 1\n", "      type: goto\n      stepId: fnd\n"),
        ),
    ),
    Mistake("unknown-step-in-expression", 3, edits=(("$steps.find.outputs.id", "$steps.fnd.outputs.id"),)),
    Mistake("unknown-output", 3, edits=(("$steps.find.outputs.id", "$steps.find.outputs.ids"),)),
    Mistake("unknown-input", 3, edits=(("amount: $inputs.amount", "amount: $inputs.amuont"),)),
    Mistake(
        "unknown-workflow",
        3,
        edits=(
            (
                "      type: retry\n      retryAfter: 0\n      retryLimit: 1\n",
                "      type: goto\n      workflowId: odrer\n",
            ),
        ),
    ),
    Mistake(
        "unknown-component",
        3,
        edits=(
            (
                "    - name: item\n      in: path\n      value: $inputs.item\n",
                "    - reference: $components.parameters.item\n",
            ),
        ),
    ),
    Mistake("expression-unavailable", 3, edits=(("note: $inputs.note", "note: $response.body#/note"),)),
    Mistake(
        "forward-reference", 3, edits=(("      value: $inputs.item\n", "      value: $steps.charge.outputs.receipt\n"),)
    ),
    Mistake(
        "action-never-chosen",
        0,
        edits=(("- condition: $statusCode == 503", "- condition: $statusCode == 201"),),
        sent=2,
    ),
    Mistake(
        "criteria-contradictory",
        3,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - condition: $statusCode == 200\n    - condition: $statusCode == 304\n",
            ),
        ),
    ),
    Mistake(
        "endless-calls",
        3,
        edits=(
            _ALIKE,
            (
                "  - stepId: charge\n",
                "  - stepId: again\n    workflowId: order\n    parameters:\n    - { name: token, value: $inputs.token }\n    - { name: item, value: $inputs.item }\n    - { name: amount, value: $inputs.amount }\n  - stepId: charge\n",
            ),
        ),
        arguments="run orders.arazzo.yaml --workflow order --inputs inputs.yaml --server {url}",
    ),
    Mistake(
        "endless-loop",
        0,
        edits=((_OUTPUT, "    onSuccess:\n    - { name: more, type: goto, stepId: charge }\n" + _OUTPUT),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "value-unhandled",
        0,
        edits=(
            (
                "      value: $inputs.item\n",
                "      value: $inputs.item\n    onSuccess:\n    - name: sell\n      type: goto\n      stepId: charge\n"
                "      criteria:\n      - condition: $response.body#/state == 'open'\n"
                "    - name: leave\n      type: end\n"
                "      criteria:\n      - condition: $response.body#/state == 'sold'\n",
            ),
        ),
        api=(
            (
                "              example: { id: item-1, price: 3.5 }\n",
                "              schema:\n                type: object\n                properties:\n"
                "                  id: { type: string }\n                  price: { type: number }\n"
                "                  state: { enum: [open, sold, held] }\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "page-repeated",
        0,
        edits=(
            (
                "      value: $inputs.item\n",
                "      value: $inputs.item\n    - { name: size, in: query, value: 10 }\n    onSuccess:\n"
                "    - name: more\n      type: goto\n      stepId: find\n"
                "      criteria: [{ condition: $response.body#/next_cursor != null }]\n",
            ),
            (
                "price: $response.body#/price\n",
                "price: $response.body#/price\n      cursor: $response.body#/next_cursor\n",
            ),
        ),
        api=(
            (
                "schema: { type: string } }\n      responses",
                "schema: { type: string } }\n"
                "      - { name: size, in: query, schema: { type: integer } }\n"
                "      - { name: cursor, in: query, schema: { type: string } }\n      responses",
            ),
            ("price: 3.5 }", "price: 3.5, next_cursor: abc }"),
        ),
        sent=2,
    ),
    Mistake(
        "request-repeated",
        0,
        edits=(("- condition: $statusCode == 503", "- condition: $response.body#/state == 'pending'"),),
        sent=2,
    ),
    Mistake(
        "retry-once",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - condition: $statusCode == 200\n    - condition: $response.body#/price != null\n"
                "    onFailure:\n    - { name: poll, type: retry, retryAfter: 1 }\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "retry-too-long",
        0,
        edits=(
            (
                "    - condition: $statusCode == 200\n",
                "    - condition: $statusCode == 200\n"
                "    onFailure:\n    - { name: again, type: retry, retryAfter: 2000 }\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "timeout-short",
        0,
        arguments="validate orders.arazzo.yaml",
        edits=(("    operationId: findItem\n", "    operationId: findItem\n    timeout: 30\n"),),
    ),
    Mistake(
        "step-unreachable",
        0,
        edits=(
            (
                "      price: $response.body#/price\n",
                "      price: $response.body#/price\n    onSuccess:\n    - { name: on, type: goto, stepId: charge }\n"
                "  - stepId: check\n    operationId: findItem\n    parameters: [{ name: item, in: path, value: book }]\n",
            ),
        ),
        sent=2,
    ),
    Mistake("failed-step-output", 0, edits=_UNDO, arguments="validate orders.arazzo.yaml"),
    Mistake("step-left-out", 0, edits=_LEFT_OUT, sent=3),
    Mistake("own-output-later", 0, edits=_LATER, api=(_SINCE,), sent=2),
    Mistake(
        "step-before-its-place",
        0,
        edits=(
            (
                "  - stepId: find\n",
                "  - stepId: audit\n    operationId: findItem\n"
                "    dependsOn: [find]  # step `find` is written after this one\n    parameters:\n"
                "    - { name: item, in: path, value: book }\n"
                "    successCriteria:\n    - condition: $statusCode == 200\n  - stepId: find\n",
            ),
        ),
        sent=3,
    ),
    Mistake("output-never-assigned", 0, edits=_NEVER_ASSIGNED, arguments="validate orders.arazzo.yaml"),
    Mistake(
        "dependency-cycle-steps",
        3,
        edits=(("    operationId: findItem\n", "    operationId: findItem\n    dependsOn: [charge]\n"),),
    ),
    Mistake(
        "dependency-unknown-step",
        3,
        edits=(
            (
                "    operationId: chargeCustomer\n",
                "    operationId: chargeCustomer\n    dependsOn: [$steps.find, fidn]\n",
            ),
        ),
    ),
    Mistake(
        "dependency-not-completed",
        1,
        edits=(
            ("    operationId: chargeCustomer\n", "    operationId: chargeCustomer\n    dependsOn: [find]\n"),
            (
                "      price: $response.body#/price\n",
                "      price: $response.body#/price\n"
                "    onFailure:  # of step `find`; step `charge` has `dependsOn: [find]`\n"
                "    - { name: anyway, type: goto, stepId: charge }\n",
            ),
        ),
        find=Reply(404),
        sent=1,
    ),
    Mistake("dependency-cycle", 3, edits=(("- workflowId: order\n", "- workflowId: order\n  dependsOn: [order]\n"),)),
    Mistake(
        "input-not-passed",
        3,
        edits=_second("  - stepId: more\n    workflowId: other\n"),
        arguments="run orders.arazzo.yaml --workflow order --inputs inputs.yaml",
    ),
    Mistake(
        "input-of-dependency",
        0,
        edits=(
            _SECOND_WORKFLOW,
            ("- workflowId: order\n", "- workflowId: order\n  dependsOn: [other]  # which requires `who`\n"),
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    # the API descriptions
    Mistake(
        "api-malformed",
        3,
        api=(
            (
                "      parameters:\n      - { name: item, in: path, required: true, schema: { type: string } }\n",
                "      parameters: { item: string }\n",
            ),
        ),
    ),
    Mistake(
        "reference-not-found",
        3,
        (("      contentType: application/json\n", ""),),
        api=(
            (
                "      requestBody:\n        required: true\n        content:\n          application/json:\n"
                "            schema: { type: object }\n",
                "      requestBody: { $ref: '#/components/requestBodies/charge' }\n",
            ),
        ),
    ),
    Mistake(
        "body-undescribed",
        0,
        edits=(("contentType: application/json", "contentType: application/x-www-form-urlencoded"),),
        sent=2,
    ),
    Mistake(
        "credential-given-out",
        0,
        api=(("      operationId: findItem\n", "      operationId: findItem\n      security: [{ token: [] }]\n"),),
        edits=(
            ("    parameters:\n", "    parameters:\n    - { name: X-Password, in: header, value: $inputs.token }\n"),
            ("Bearer {$inputs.token}", "Bearer {$steps.find.outputs.id}"),
        ),
        sent=2,
    ),
    Mistake(
        "credential-withheld",
        0,
        edits=(
            (
                "  - stepId: charge\n    operationId: chargeCustomer\n    parameters:\n    - name: Authorization\n      in: header\n"
                "      value: Bearer {$inputs.token}\n",
                "  - stepId: charge\n    operationId: chargeCustomer\n",
            ),
            ("$statusCode == 201", "$statusCode == 401"),
            ("      receipt: $response.body#/receipt\n", "      receipt: $steps.find.outputs.id\n"),
        ),
        api=(("'201':", "'401': { description: It was not. }\n        '201':"),),
        charge=Reply(401, body={}),
        sent=2,
    ),
    Mistake(
        "security-undefined",
        0,
        api=(("      - token: []\n", "      - tokn: []\n"),),
        edits=(("    - name: Authorization\n", "    - name: X-Token\n"),),
        sent=2,
    ),
    Mistake("security-scheme-undefined-and-set", 0, api=(("      - token: []\n", "      - tokn: []\n"),), sent=2),
    Mistake(
        "reference-loop",
        0,
        api=(
            (
                "      - { name: item, in: path, required: true, schema: { type: string } }\n",
                "      - $ref: '#/paths/~1items~1{item}/get/parameters/0'\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "path-parameter-mismatch",
        3,
        edits=(
            (
                "    - name: item\n      in: path\n",
                "    - name: shop\n      in: path\n      value: $inputs.item\n    - name: item\n      in: path\n",
            ),
        ),
    ),
    Mistake(
        "required-parameter-missing",
        3,
        edits=(("parameters:\n", "parameters:  # and the operation requires a query parameter `shop`\n"),),
        api=(
            (
                "      - { name: item, in: path,",
                "      - { name: shop, in: query, required: true }\n      - { name: item, in: path,",
            ),
        ),
    ),
    Mistake(
        "request-body-missing",
        3,
        edits=(
            (
                "      payload:\n        item: $steps.find.outputs.id\n        amount: $inputs.amount\n        note: $inputs.note\n",
                "",
            ),
        ),
    ),
    Mistake("request-body-unsupported", 3, edits=(("contentType: application/json", "contentType: text/plain"),)),
    Mistake(
        "text-sent-as-bytes",
        0,
        edits=(
            (
                "contentType: application/json\n      payload:\n        item: $steps.find.outputs.id\n"
                "        amount: $inputs.amount\n        note: $inputs.note\n",
                "contentType: application/octet-stream\n      payload: $inputs.item  # { type: string }\n",
            ),
            ("      note: { type: string }\n", "      note: { type: string, format: binary }\n"),
        ),
        api=(("application/json:\n            schema: { type: object }", "application/octet-stream: {}"),),
        sent=2,
    ),
    Mistake(
        "server-not-named",
        0,
        edits=(
            ("  type: openapi\nworkflows", f"  type: openapi\n{_CALLED}workflows"),
            ("  outputs:\n    receipt: $steps.charge", f"{_CALLING}  outputs:\n    receipt: $steps.charge"),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --dry-run --server shopApi=https://127.0.0.1",
    ),
    Mistake(
        "server-relative",
        3,
        api=(("url: https://shop.example.com", "url: /v1"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml",
    ),
    Mistake(
        "server-missing",
        3,
        api=(("url: https://shop.example.com", "url: ftp://shop.example.com"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml",
    ),
    Mistake("path-without-slash", 3, api=(("  /items/{item}:", "  '@items/{item}':"),)),
    Mistake("path-with-fragment", 3, api=(("  /charges:", "  /charges#create:"),)),
    Mistake(
        "server-with-query",
        3,
        api=(("url: https://shop.example.com", "url: https://shop.example.com/v1?code=abc"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "server-variable-elsewhere",
        3,
        api=(
            (
                "url: https://shop.example.com",
                "url: https://{tenant}.example.com\n  variables: { tenant: { default: us } }",
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server-var tenant=evil.example/",
    ),
    Mistake(
        "server-variable",
        3,
        api=(
            (
                "url: https://shop.example.com",
                "url: https://{region}.example.com\n  variables: { region: { default: us, enum: [eu, us] } }",
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server-var region=ue",
    ),
    Mistake(
        "server-variable-undefined",
        3,
        api=(("url: https://shop.example.com", "url: https://{region}.example.com"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml",
    ),
    Mistake(
        "option-names-no-variable",
        2,
        api=(
            (
                "url: https://shop.example.com",
                "url: https://{region}.example.com\n  variables: { region: { default: us, enum: [eu, us] } }",
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server-var shopApi.regoin=eu",
    ),
    Mistake(
        "reference-to-a-missing-file",
        0,
        api=(
            (
                "      - { name: item, in: path, required: true, schema: { type: string } }\n",
                "      - $ref: 'shop-parts.yaml#/parameters/item'\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "reference-to-a-missing-file-that-is-not-used",
        0,
        api=(
            (
                "paths:\n",
                "paths:\n  /more:\n    get:\n      operationId: more\n      parameters:\n      - $ref: 'shop-parts.yaml#/parameters/item'\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "path-item-reference-loop",
        3,
        edits=(("operationId: findItem", "operationPath: '{$sourceDescriptions.shopApi.url}#/paths/~1a/get'"),),
        api=(("paths:\n", "paths:\n  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n"),),
    ),
    Mistake(
        "operation-duplicated",
        0,
        sent=2,
        api=(("operationId: chargeCustomer", "operationId: findItem"),),
        edits=(("operationId: chargeCustomer", "operationId: findItem"),),
    ),
    Mistake(
        "unsupported-feature",
        3,
        edits=(("condition: $statusCode == 201", "condition: $message.payload == 1"),),
    ),
    Mistake(
        "invalid-query-xpath",
        3,
        edits=(
            (
                "    - condition: $statusCode == 201\n",
                "    - context: $response.body\n      condition: doc('/etc/passwd')/receipt\n      type: xpath\n",
            ),
        ),
    ),
    Mistake(
        "query-not-xml",
        1,
        edits=(
            (
                "    - condition: $statusCode == 201\n",
                "    - context: $response.body\n      condition: /receipt\n      type: xpath\n",
            ),
        ),
        sent=2,
    ),
    Mistake("openapi-version", 3, api=(("openapi: 3.1.0", "swagger: '1.2'"),)),
    Mistake(
        "collection-format-unknown",
        3,
        api=(
            ("openapi: 3.1.0", "swagger: '2.0'"),
            ("required: true, schema: { type: string } }", "required: true, type: array, collectionFormat: comma }"),
            (
                "components:\n  securitySchemes:\n    token: { type: http, scheme: bearer }",
                "securityDefinitions:\n  token: { type: apiKey, in: header, name: Authorization }",
            ),
        ),
    ),
    Mistake(
        "replacement-target",
        3,
        edits=(("      payload:\n", "      replacements:\n      - { target: /nte, value: hello }\n      payload:\n"),),
    ),
    Mistake(
        "selector-selects-nothing",
        2,
        edits=(
            (
                "      payload:\n",
                "      replacements:\n      - target: /item\n        value:\n"
                "          { context: $inputs.item, selector: $.id, type: jsonpath }\n      payload:\n",
            ),
        ),
    ),
    # the inputs, options and credentials
    Mistake("input-missing", 2, inputs=(("amount: 12.5\n", ""),)),
    Mistake("input-invalid", 2, inputs=(("amount: 12.5", "amount: twelve"), ("item: book", "item: ruler"))),
    Mistake("input-file-unread", 0, inputs=(("amount: 12.5", 'amount: 12.5\nnote: "@inputs.yaml"'),), sent=2),
    Mistake("input-unknown", 0, inputs=(("amount: 12.5", "amount: 12.5\nnoet: hello"),), sent=2),
    Mistake(
        "input-reference-outside", 3, edits=(("      note: { type: string }", "      note: { $ref: other.yaml }"),)
    ),
    Mistake(
        "input-schema-reusable",
        3,
        edits=(("  inputs:\n    type: object\n", "  inputs:\n    reference: $components.inputs.order\n"),),
    ),
    Mistake("input-schema-invalid", 3, edits=(("      note: { type: string }", "      note: { type: strnig }"),)),
    Mistake("inputs-unreadable", 2, arguments="run orders.arazzo.yaml --inputs nowhere.yaml"),
    Mistake("inputs-no-object", 2, inputs=(("token: secret-token-1\nitem: book\namount: 12.5\n", "- 1\n"),)),
    Mistake(
        "option-invalid", 2, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server shopApi=shop.example.com"
    ),
    Mistake(
        "option-names-no-source", 2, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server shopAPI={url}"
    ),
    Mistake("workflow-not-chosen", 2, edits=(_SECOND_WORKFLOW,)),
    Mistake("workflow-not-found", 2, arguments="run orders.arazzo.yaml --workflow ordr"),
    Mistake("credential-missing", 2, edits=(("    - name: Authorization\n", "    - name: X-Authorization\n"),)),
    Mistake(
        "credential-malformed",
        2,
        api=(("token: { type: http, scheme: bearer }", "token: { type: http, scheme: basic }"),),
        edits=(("    - name: Authorization\n", "    - name: X-Authorization\n"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --auth token=no-colon-here",
    ),
    Mistake(
        "empty-criteria-of-a-success-action",
        0,
        edits=(
            (
                "    onFailure:\n",
                "    onSuccess:\n    - { name: done, type: end, criteria: [] }\n    onFailure:\n",
            ),
        ),
        sent=2,
    ),
    Mistake("output-constant", 0, edits=(("price: $response.body#/price", "price: price"),), sent=2),
    Mistake("entry-repeated", 0, edits=((_CRITERION, _CRITERION * 2),), sent=2),
    Mistake(
        "entry-repeated-target",
        0,
        edits=(
            (
                "        note: $inputs.note\n",
                "        note: $inputs.note\n      replacements:\n      - { target: /item, value: book }\n"
                "      - { target: /item, value: pen }\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "markup-unsafe",
        0,
        edits=(
            (
                "  title: Order a thing\n",
                "  title: Order a thing\n  description: Order <script>order()</script> a thing\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "schema-unfulfillable",
        0,
        edits=(("note: { type: string }", "note: { type: string, minLength: 9, maxLength: 3 }"),),
        sent=2,
    ),
    Mistake("schema-part-idle", 0, edits=(("note: { type: string }", "note: { type: string, minimum: 1 }"),), sent=2),
    Mistake(
        "schema-part-idle-value",
        0,
        edits=(
            ("enum: [book, pen] }", "enum: [book, 7, book] }"),
            ("minimum: 1 }", "minimum: 1, exclusiveMinimum: 0 }"),
            ("note: { type: string }", "note: { type: object, required: [txt], properties: { text: {} } }"),
        ),
        sent=2,
    ),
    Mistake(
        "parameters-of-an-action-without-a-workflow",
        0,
        edits=(("      type: retry\n", "      type: retry\n      parameters: [{ name: who, value: book }]\n"),),
        sent=2,
    ),
    Mistake(
        "location-of-an-input",
        0,
        edits=_second(
            "  - stepId: more\n    workflowId: other\n    parameters: [{ name: who, in: query, value: book }]\n"
        ),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "credential-unencoded",
        0,
        edits=(("value: Bearer {$inputs.token}", "value: Basic {$inputs.item}:{$inputs.token}"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "credential-scheme-missing",
        0,
        edits=(("value: Bearer {$inputs.token}", "value: Bearer{$inputs.token}"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "number-rewritten",
        0,
        edits=(("in: path\n      value: $inputs.item", "in: path\n      value: 01234"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "quotes-sent",
        0,
        edits=(("in: path\n      value: $inputs.item", "in: path\n      value: “item-1”"),),
        arguments="validate orders.arazzo.yaml",
    ),
    Mistake(
        "credential-shared",
        2,
        api=(
            (
                "      operationId: findItem\n",
                "      operationId: findItem\n      security: [token: []]\n      servers: [url: https://stock.example]\n",
            ),
        ),
        edits=(("    - name: Authorization\n", "    - name: X-Authorization\n"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --auth token=t0ken-1 --dry-run --strict",
    ),
    Mistake(
        "credentials-unreadable", 2, arguments="run orders.arazzo.yaml --inputs inputs.yaml --auth-file nowhere.yaml"
    ),
    Mistake(
        "token-not-granted",
        1,
        api=(
            (
                "token: { type: http, scheme: bearer }",
                "token: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'http://127.0.0.1:9/token' } } }",
            ),
        ),
        edits=(("    - name: Authorization\n", "    - name: X-Authorization\n"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --auth token=shop:secret-token-2",
        sent=1,
    ),
    Mistake(
        "token-not-kept",
        0,
        api=(
            (
                "token: { type: http, scheme: bearer }",
                "token: { type: oauth2, flows: { password: { tokenUrl: /charges } } }",
            ),
            ("'201':", "'200':"),
        ),
        edits=(
            ("    - name: Authorization\n", "    - name: X-Authorization\n"),
            (_CRITERION, _CRITERION.replace("201", "200")),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --auth-file rotating.yaml",
        charge=Reply(
            200,
            body={
                "access_token": "secret-token-9",
                "token_type": "Bearer",
                "refresh_token": "secret-token-8",
                "receipt": "receipt-1",
            },
        ),
        sent=3,
    ),
    Mistake(
        "credentials-exposed",
        0,
        edits=(("    - name: Authorization\n", "    - name: X-Authorization\n"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --auth-file open.yaml",
        sent=2,
    ),
    Mistake("no-such-file", 3, arguments="run order.arazzo.yaml"),
    # while it runs
    Mistake(
        "charge-declined", 1, charge=Reply(402, body={"code": 9, "message": "card declined for secret-token-1"}), sent=2
    ),
    Mistake("retry-used-up", 1, charge=Reply(503, body="busy"), sent=3),
    Mistake(
        "not-the-json-it-claims",
        1,
        find=Reply(200, headers=(("Content-Type", "application/json"),), body="<html>sorry</html>"),
        sent=1,
    ),
    Mistake("value-missing", 1, find=Reply(200, body={"price": 3.5}), sent=1),
    Mistake(
        "value-unsendable",
        1,
        edits=(("      value: Bearer {$inputs.token}\n", "      value: Bearer {$steps.find.outputs.id}\n"),),
        find=Reply(200, body={"id": "a\nb"}),
        sent=1,
    ),
    Mistake(
        "header-refused",
        3,
        edits=(
            (
                "    parameters:\n    - name: Authorization\n",
                "    parameters:\n    - { name: Transfer-Encoding, in: header, value: chunked }\n"
                "    - name: Authorization\n",
            ),
        ),
    ),
    Mistake("value-unsendable-literal", 3, edits=(("      value: $inputs.item\n", "      value: ..\n"),)),
    Mistake(
        "input-unsendable",
        2,
        edits=(("      value: $inputs.item\n", "      value: $inputs.note\n"),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} -i note=..",
    ),
    Mistake("input-needed-in-a-path", 2, edits=(("      value: $inputs.item\n", "      value: $inputs.note\n"),)),
    Mistake("input-needed-in-a-text", 2, edits=(("note: $inputs.note", "note: '{$inputs.note}!'"),)),
    Mistake(
        "input-that-may-not-be-needed",
        0,
        edits=(
            (
                "      price: $response.body#/price\n",
                "      price: $response.body#/price\n    onSuccess:\n    - { name: on, type: goto, stepId: charge }\n",
            ),
            ("note: $inputs.note", "note: $inputs.amount"),
            (
                "  - stepId: charge\n",
                "  - stepId: other\n    operationId: findItem\n    parameters:\n"
                "    - { name: item, in: path, value: $inputs.note }\n  - stepId: charge\n",
            ),
        ),
        sent=2,
    ),
    Mistake(
        "request-body-malformed",
        1,
        edits=(
            (
                "      payload:\n        item: $steps.find.outputs.id\n        amount: $inputs.amount\n        note: $inputs.note\n",
                "      payload: '{\"item\": {$steps.find.outputs.id}}'\n",
            ),
        ),
        sent=1,
    ),
    Mistake("connection-closed", 1, find=Reply.close(), sent=1),
    Mistake("interrupted", 130, find=Reply.interrupt(), sent=1),
    Mistake("interrupted-before-anything-is-at-stake", 130, find=Reply.interrupt(), sent=1),
    Mistake("request-in-doubt", 5, charge=Reply.close(), sent=2),
    Mistake(
        "request-in-doubt-with-a-key",
        5,
        edits=(
            (
                "      value: Bearer {$inputs.token}\n",
                "      value: Bearer {$inputs.token}\n    - { name: Idempotency-Key, in: header, value: order-7 }\n",
            ),
        ),
        api=(
            (
                "      operationId: chargeCustomer\n",
                "      operationId: chargeCustomer\n      parameters:\n"
                "      - { name: Idempotency-Key, in: header, schema: { type: string } }\n",
            ),
        ),
        charge=Reply.close(),
        sent=2,
    ),
    Mistake(
        "request-in-doubt-and-gone-on",
        5,
        edits=(
            (
                "    outputs:\n      receipt",
                "    - { name: look-again, type: goto, stepId: look }\n    outputs:\n      receipt",
            ),
            (
                "  outputs:\n    receipt: $steps.charge.outputs.receipt\n",
                "  - stepId: look\n    operationId: findItem\n"
                "    parameters: [{ name: item, in: path, value: $inputs.item }]\n",
            ),
        ),
        charge=Reply.close(),
        sent=3,
    ),
    Mistake(
        "request-in-doubt-retried",
        5,
        edits=(("      criteria:\n      - condition: $statusCode == 503\n", ""),),
        charge=Reply.close(),
        sent=2,
    ),
    Mistake("server-down", 1, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server http://127.0.0.1:9"),
    Mistake(
        "request-contract",
        4,
        api=(
            (
                "            schema: { type: object }",
                "            schema: { properties: { item: { type: integer } } }",
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --check error",
        sent=1,
    ),
    Mistake(
        "response-contract",
        0,
        api=(
            (
                "              example: { id: item-1, price: 3.5 }",
                "              schema: { properties: { id: {}, price: { type: string } } }",
            ),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --check warn",
        sent=2,
    ),
    Mistake(
        "response-undocumented",
        4,
        find=Reply(206, body={"id": "item-1"}),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --check error",
        sent=1,
    ),
    Mistake("spans-unseen", 0, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --otel", sent=2),
    Mistake(
        "contract-unchecked",
        0,
        find=Reply(200, headers=(("Content-Type", "multipart/mixed"),), body="--a--"),
        api=(
            (
                "            application/json:\n              example: { id: item-1",
                "            multipart/mixed:\n              schema: { type: array }\n              example: { id: item-1",
            ),
        ),
        edits=(
            ("        item: $steps.find.outputs.id\n", ""),
            ("      id: $response.body#/id\n", "      id: $response.body\n"),
        ),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --check error",
        sent=2,
    ),
    Mistake(
        "host-not-allowed",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --allow-host api.example.com --allow-host *.example.org",
    ),
    Mistake(
        "tls-unverified", 0, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --insecure", sent=2
    ),
    Mistake(
        "option-names-no-certificate",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --ca-bundle nowhere.pem",
    ),
    Mistake(
        "option-names-a-certificate-that-is-none",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --cert inputs.yaml",
    ),
    Mistake(
        "input-undeclared", 0, edits=(("item, amount]", "item, amuont]"),), arguments="validate orders.arazzo.yaml"
    ),
    Mistake("output-absent", 0, charge=Reply(201, body={}), sent=2),
    Mistake(
        "step-limit", 4, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --max-steps 1", sent=1
    ),
    Mistake(
        "report-too-large",
        4,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --max-report 1",
        sent=1,
    ),
    Mistake(
        "value-too-large",
        4,
        edits=(("receipt: $response.body#/receipt", 'receipt: "{$response.body}{$response.body}{$response.body}"'),),
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --max-value 130",
        sent=2,
    ),
    Mistake(
        "nesting-limit",
        4,
        edits=(
            _ALIKE,
            (
                "  - stepId: charge\n",
                "  - stepId: again\n    workflowId: order\n    parameters:\n    - { name: token, value: $inputs.token }\n    - { name: item, value: $inputs.item }\n    - { name: amount, value: $inputs.amount }\n    onFailure: [{ name: enough, type: end }]\n  - stepId: charge\n",
            ),
        ),
        arguments="run orders.arazzo.yaml --workflow order --inputs inputs.yaml --server {url}",
        sent=17,
    ),
    Mistake(
        "result-unwritten",
        74,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --output /dev/full",
        sent=2,
    ),
    Mistake(
        "run-time-limit", 4, arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --timeout 0.000001"
    ),
    Mistake(
        "project-invalid",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --config project.toml --env stagign",
    ),
    Mistake(
        "project-unreadable",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --config nowhere.toml",
    ),
    Mistake(
        "secret-in-project",
        0,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} --config secrets.toml",
        sent=2,
    ),
    Mistake(
        "value-reference-failed",
        2,
        arguments="run orders.arazzo.yaml --inputs inputs.yaml --server {url} -i token=@file:nowhere.txt",
    ),
    Mistake("row-malformed", 2, arguments=_BATCH.replace("rows.csv", "wide.csv")),
    Mistake("row-malformed-quote", 2, arguments=_BATCH.replace("rows.csv", "open.csv")),
    Mistake("row-id-repeated", 2, arguments=f"{_BATCH} --run-id-from item"),
    Mistake("rows-unreadable", 2, arguments=_BATCH.replace("rows.csv", "nowhere.csv")),
    Mistake("rows-unreadable-column", 2, arguments=_BATCH.replace("rows.csv", "twice.csv")),
    Mistake("batch-differs", 2, arguments=_BATCH.replace("out.jsonl", "inputs.yaml")),
    Mistake("batch-unwritable", 2, arguments=_BATCH.replace("out.jsonl", "/proc/out.jsonl")),
    Mistake("batch-rate", 2, arguments=f"{_BATCH} --rate 10/d"),
)
