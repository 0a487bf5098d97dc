"""The documents of the shop: an Arazzo Description, and an API description for orders, payments and jobs.

Decides what the workflow does and what may go wrong in it. The shop serves them, and answers as they say.
"""

from __future__ import annotations

from typing import Final

_CHECKOUT: Final = """\
arazzo: 1.0.1
info:
  title: Check out
  summary: Order something, pay for it, and wait until it is packed.
  version: 1.0.0
sourceDescriptions:
  - {name: orders, url: orders.openapi.yaml, type: openapi}
  - {name: payments, url: payments.openapi.yaml, type: openapi}
  - {name: jobs, url: jobs.openapi.yaml, type: openapi}
workflows:
  - workflowId: checkout
    summary: Order, charge, pack.
    inputs:
      type: object
      required: [sku]
      properties:
        sku: {type: string, description: What is ordered.}
        quantity: {type: integer, minimum: 1, default: 1, description: How many of it. More than 100 are too dear.}
    steps:
      - stepId: createOrder
        description: Put the order down.
        operationId: $sourceDescriptions.orders.createOrder
        requestBody:
          contentType: application/json
          payload: {sku: $inputs.sku, quantity: $inputs.quantity}
        successCriteria:
          - condition: $statusCode == 201
        outputs:
          orderId: $response.body#/id
          amount: $response.body#/amount
      - stepId: charge
        description: Charge the card. The service is busy now and then, and the key lets it be asked again.
        operationId: $sourceDescriptions.payments.createCharge
        parameters:
          - {name: Idempotency-Key, in: header, value: $steps.createOrder.outputs.orderId}
        requestBody:
          contentType: application/json
          payload: {orderId: $steps.createOrder.outputs.orderId, amount: $steps.createOrder.outputs.amount}
        successCriteria:
          - condition: $statusCode == 201
        onFailure:
          - name: busy
            type: retry
            retryAfter: 0.3
            retryLimit: 2
            criteria:
              - condition: $statusCode == 503
      - stepId: pack
        description: Have it packed.
        operationId: $sourceDescriptions.jobs.startJob
        requestBody:
          contentType: application/json
          payload: {orderId: $steps.createOrder.outputs.orderId}
        successCriteria:
          - condition: $statusCode == 202
        outputs:
          jobId: $response.body#/id
      - stepId: waitUntilPacked
        description: Ask until the job is done.
        operationId: $sourceDescriptions.jobs.getJob
        parameters:
          - {name: id, in: path, value: $steps.pack.outputs.jobId}
        successCriteria:
          - condition: $statusCode == 200 && $response.body#/status == 'done'
        onFailure:
          - name: notYet
            type: retry
            retryAfter: 0.4
            retryLimit: 20
            criteria:
              - condition: $statusCode == 200 && $response.body#/status == 'running'
        outputs:
          parcel: $response.body#/parcel
    outputs:
      orderId: $steps.createOrder.outputs.orderId
      parcel: $steps.waitUntilPacked.outputs.parcel
"""
_ORDERS: Final = """\
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
servers: [{url: /orders}]
paths:
  /:
    post:
      operationId: createOrder
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [sku, quantity]
              properties:
                sku: {type: string, examples: [tea]}
                quantity: {type: integer, minimum: 1}
      responses:
        '201':
          description: The order.
          content:
            application/json:
              schema:
                type: object
                required: [id, amount]
                properties:
                  id: {type: string, examples: [order-1]}
                  amount: {type: integer, description: In cents., examples: [1250]}
"""
_PAYMENTS: Final = """\
openapi: 3.1.0
info: {title: Payments, version: 1.0.0}
servers: [{url: /payments}]
paths:
  /charges:
    post:
      operationId: createCharge
      parameters:
        - name: Idempotency-Key
          in: header
          required: true
          description: Two requests with one key are charged once.
          schema: {type: string}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [orderId, amount]
              properties:
                orderId: {type: string}
                amount: {type: integer}
      responses:
        '201':
          description: Charged.
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: {id: {type: string, examples: [charge-1]}}
        '402':
          description: The card was declined.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
        '503':
          description: Busy. Ask again.
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
components:
  schemas:
    Problem:
      type: object
      required: [error, message]
      properties: {error: {type: string}, message: {type: string}}
"""
_JOBS: Final = """\
openapi: 3.1.0
info: {title: Jobs, version: 1.0.0}
servers: [{url: /jobs}]
paths:
  /:
    post:
      operationId: startJob
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [orderId]
              properties: {orderId: {type: string}}
      responses:
        '202':
          description: The job.
          content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}
  /{id}:
    get:
      operationId: getJob
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The job as it stands.
          content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}
components:
  schemas:
    Job:
      type: object
      required: [id, status]
      properties:
        id: {type: string, examples: [job-1]}
        status: {type: string, enum: [running, done]}
        parcel: {type: string, examples: [parcel-1]}
"""
ENTRY: Final = "checkout.arazzo.yaml"
DOCUMENTS: Final = {
    ENTRY: _CHECKOUT,
    "orders.openapi.yaml": _ORDERS,
    "payments.openapi.yaml": _PAYMENTS,
    "jobs.openapi.yaml": _JOBS,
}
