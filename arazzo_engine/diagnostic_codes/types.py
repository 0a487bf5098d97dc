"""The rules on what a value can be against where it goes: schemas, statuses, elements.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "body-whole": Code(
        summary="the whole body of an answer goes where a part of it may be meant",
        why="of an object in the place of a text all members are sent, and several outputs are one and the same value",
        clause="Arazzo 1.1.0, Runtime Expressions",
        fix="name the part that is meant, `$response.body#/name`; a body that is a text is described as `text/plain`",
        example=Example(
            Home.DOCUMENT,
            "id: $response.body\nprice: $response.body",
            "id: $response.body#/id\nprice: $response.body#/price",
        ),
        severity="warning",
    ),
    "comparison-decided": Code(
        summary="a comparison says the same whatever comes",
        why="by its description the value can never be what it is compared with, so nothing depends on the answer",
        clause="Arazzo 1.1.0, Criterion Object; OpenAPI, Schema Object",
        fix="compare with a value that the description has",
        example=Example(
            Home.DOCUMENT,
            "condition: $response.body#/state == 'finishd'",
            "condition: $response.body#/state == 'finished'",
        ),
    ),
    "filter-over-object": Code(
        summary="a filter of JSONPath over an object asks its members, where the object itself may be meant",
        why="a filter tests the elements of a list or the members of an object, and never the object itself",
        clause="RFC 9535, section 2.3.5",
        fix="ask the object itself, as `$[?$.price > 3]` does, if that is meant",
        example=Example(Home.DOCUMENT, "condition: $[?@.price > 3]", "condition: $[?$.price > 3]"),
        severity="warning",
    ),
    "literal-refused": Code(
        summary="a value that a step writes out is not what its operation accepts",
        why="by its description the API refuses such a request; where it may take it all the same, that is a warning",
        clause="OpenAPI, Schema Object",
        fix="write what the operation accepts, as its description says",
        example=Example(Home.DOCUMENT, "currency: euro  # described with `enum: [EUR, USD]`", "currency: EUR"),
    ),
    "name-misspelt": Code(
        summary="a name that nobody describes is one slip of the keys away from the name beside it",
        why="one of the two is likely misspelt: the value is then absent, or is sent under a name that means nothing",
        fix="spell both alike if they mean one thing; describe it in the API description if not",
        example=Example(Home.DOCUMENT, "amuont: $inputs.amount", "amount: $inputs.amount"),
        severity="warning",
    ),
    "name-undescribed": Code(
        summary=(
            "an operation does not describe a query parameter, a member that is nearly one that it does, or any member"
            " of a payload"
        ),
        why="the API may pass it over without a word, and what was meant is not sent",
        clause="OpenAPI, Schema Object; Parameter Object",
        fix="correct the name; if it is meant as it stands, describe it in the API description",
        example=Example(Home.DOCUMENT, "noet: $inputs.note", "note: $inputs.note"),
        severity="warning",
    ),
    "part-undescribed": Code(
        summary="an expression names a member or a header that the description of its value does not have",
        why="what is not described may be absent, and whatever uses it then has no value",
        clause="OpenAPI, Schema Object; Response Object",
        fix="name what is described; if it is meant as it stands, describe it in the API description",
        example=Example(Home.DOCUMENT, "stock: $response.body#/stok", "stock: $response.body#/stock"),
        severity="warning",
    ),
    "pointer-nowhere": Code(
        summary=(
            "a JSON Pointer leads into a list by a name, into a value without parts, or to what a closed schema forbids"
        ),
        why=(
            "a list has elements, which are named by their index, a text has no parts, and a closed schema no other"
            " member, so the value is absent whatever comes"
        ),
        clause="RFC 6901, section 4",
        fix="name what is there: a text as a whole, an element by its index, such as `#/tags/0/name`",
        example=Example(Home.DOCUMENT, "cost: $response.body#/price/amount", "cost: $response.body#/price"),
    ),
    "status-impossible": Code(
        summary="a condition compares `$statusCode` with what is no status of an answer",
        why="statuses are numbers from 100 to 599, so the comparison says the same whatever comes",
        clause="RFC 9110, section 15",
        fix="compare with a number from 100 to 599",
        example=Example(
            Home.DOCUMENT,
            "condition: $statusCode == 200 || $statusCode == 20",
            "condition: $statusCode == 200 || $statusCode == 202",
        ),
        severity="warning",
    ),
    "status-undocumented": Code(
        summary="a step succeeds with no status that its operation documents",
        why="an operation that answers as it is described makes the step fail",
        clause="OpenAPI, Responses Object",
        fix="ask for a status that is documented, or document the one that is asked for",
        example=Example(Home.DOCUMENT, "condition: $statusCode == 202", "condition: $statusCode == 200"),
        severity="warning",
    ),
    "type-refused": Code(
        summary="an expression gives a value that its place does not take",
        why="by its description the API refuses such a request; where it may take it all the same, that is a warning",
        clause="OpenAPI, Schema Object",
        fix="give a value of the type that the place takes",
        example=Example(
            Home.DOCUMENT,
            "amount: $steps.find.outputs.name  # a text, and the operation takes a number",
            "amount: $steps.find.outputs.price",
        ),
    ),
}
