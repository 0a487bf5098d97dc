"""What each fixed field is for, in words that an editor shows, and the form of its value.

Decides nothing about which fields an object has: that is the table of the reader, ``reading.fixed_fields``, and a field
of that table without an entry here cannot be put into a schema.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from arazzo_engine.language.schema.forms import (
    ANYTHING,
    COUNT,
    EXPRESSION,
    FILLED,
    ID,
    SOMETHING,
    TEXT,
    Schema,
    criterion_type,
    list_of,
    map_of,
    object_or,
    one_of,
    ref,
    reusable_or,
    selector_type,
)


class Field(Struct, frozen=True):
    """A fixed field: what it is for, the form of its value, and that form in a document of 1.0 if it is another."""

    description: str
    form: Schema
    in_1_0: Schema | None = None

    def schema(self, *, version_1_1: bool) -> Schema:
        """Return the JSON Schema of the field in a document of that version."""
        form = self.form if version_1_1 or self.in_1_0 is None else self.in_1_0
        return {"description": self.description, **form}


_OUTPUT: Final = object_or("selector", TEXT)
_PARAMETERS: Final = list_of(reusable_or("parameter"))
_SUCCESS_ACTIONS: Final = list_of(reusable_or("successAction"))
_FAILURE_ACTIONS: Final = list_of(reusable_or("failureAction"))
_CRITERIA: Final = list_of(ref("criterion"))
_STEP_REFERENCE: Final[Schema] = {
    "type": "string",
    "pattern": r"^([^$].*|\$workflows\.[^.]+\.steps\.[^.]+|\$sourceDescriptions\.[^.]+\.[^.]+\.steps\.[^.]+)$",
    "examples": ["create-order", "$workflows.pay.steps.charge"],
}
_ACTION: Final = {
    "name": Field("What the action is called, once in its list.", FILLED),
    "workflowId": Field("The workflow that goes on, for `goto`, or that runs before the step is tried again.", ID),
    "stepId": Field("The step of this workflow that goes on, for `goto`, or that runs before another try.", ID),
    "parameters": Field("The inputs of the workflow that `workflowId` names; none of them has an `in`.", _PARAMETERS),
}

FIELDS: Final[dict[str, dict[str, Field]]] = {
    "Arazzo Specification Object": {
        "arazzo": Field(
            "The version of the Arazzo Specification that the document follows.",
            {"type": "string", "pattern": r"^1\.1\.\d+(-.+)?$", "examples": ["1.1.0"]},
            {"type": "string", "pattern": r"^1\.0\.\d+(-.+)?$", "examples": ["1.0.1"]},
        ),
        "$self": Field(
            "The URI of this document, against which relative references are resolved; without a fragment.",
            {"type": "string", "format": "uri-reference", "pattern": "^[^#]*$"},
        ),
        "info": Field("What the document is called, and which version of it this is.", ref("info")),
        "sourceDescriptions": Field(
            "The API descriptions and other Arazzo documents whose operations and workflows are used.",
            list_of(ref("sourceDescription"), at_least_one=True),
        ),
        "workflows": Field("The workflows of this document.", list_of(ref("workflow"), at_least_one=True)),
        "components": Field("What several workflows share, referred to by `$components.…`.", ref("components")),
    },
    "Info Object": {
        "title": Field("What the document is called.", TEXT),
        "summary": Field("The document in a line.", TEXT),
        "description": Field("What the workflows are for, in CommonMark.", TEXT),
        "version": Field("The version of this document, which is not that of the specification.", TEXT),
    },
    "Source Description Object": {
        "name": Field(
            "The name by which expressions refer to the description: `$sourceDescriptions.<name>`.",
            {"type": "string", "pattern": r"^[A-Za-z0-9_\-]+$", "examples": ["shopApi"]},
        ),
        "url": Field(
            "Where the description is: a URL, or a path from this document.",
            {**FILLED, "format": "uri-reference", "examples": ["shop-api.yaml"]},
        ),
        "type": Field(
            "What kind of description it is.", one_of("openapi", "asyncapi", "arazzo"), one_of("openapi", "arazzo")
        ),
    },
    "Workflow Object": {
        "workflowId": Field("The id of the workflow: letters, digits, `_` and `-`, once in the document.", ID),
        "summary": Field("What the workflow achieves, in a line.", TEXT),
        "description": Field("What the workflow does, in CommonMark.", TEXT),
        "inputs": Field(
            "The JSON Schema of what the workflow is given; `$inputs.<name>` is one of them.", ref("schema")
        ),
        "dependsOn": Field("The workflows that must have been completed before this one starts.", list_of(TEXT)),
        "steps": Field("The steps, in the order in which they run.", list_of(ref("step"), at_least_one=True)),
        "successActions": Field("What every step does when it succeeds, unless it says otherwise.", _SUCCESS_ACTIONS),
        "failureActions": Field("What every step does when it fails, unless it says otherwise.", _FAILURE_ACTIONS),
        "outputs": Field("The results of the workflow, by name: an expression each.", map_of(_OUTPUT), map_of(TEXT)),
        "parameters": Field("Parameters of every step; a step's own of that name and place wins.", _PARAMETERS),
    },
    "Step Object": {
        "stepId": Field("The id of the step: letters, digits, `_` and `-`, once in the workflow.", ID),
        "description": Field("What the step does, in CommonMark.", TEXT),
        "operationId": Field(
            "The operation that is called, by its id; with several descriptions, after the name of its own.",
            {**TEXT, "examples": ["createOrder", "$sourceDescriptions.shopApi.createOrder"]},
        ),
        "operationPath": Field(
            "The operation that is called, by its place in the description.",
            {**TEXT, "examples": ["{$sourceDescriptions.shopApi.url}#/paths/~1orders/post"]},
        ),
        "channelPath": Field("The channel of an AsyncAPI description, by its place there.", TEXT),
        "workflowId": Field("The workflow that is called, of this document or another one.", ID),
        "parameters": Field("What the operation or the workflow is given.", _PARAMETERS),
        "requestBody": Field("What is sent as the body of the request.", ref("requestBody")),
        "successCriteria": Field(
            "What must hold for the step to succeed: all of it.", list_of(ref("criterion"), at_least_one=True)
        ),
        "onSuccess": Field("What is done when the step has succeeded; without it, the next step.", _SUCCESS_ACTIONS),
        "onFailure": Field("What is done when the step has failed; without it, the run ends.", _FAILURE_ACTIONS),
        "outputs": Field("What later steps use of the answer, by name.", map_of(_OUTPUT), map_of(TEXT)),
        "timeout": Field("How many milliseconds the step may take.", COUNT),
        "correlationId": Field("Which message is waited for, in a step that receives.", SOMETHING),
        "action": Field("Whether a message is sent or received.", one_of("send", "receive")),
        "dependsOn": Field(
            "The steps that must have been completed before this one runs.", list_of(_STEP_REFERENCE, at_least_one=True)
        ),
    },
    "Parameter Object": {
        "name": Field("The name of the parameter, or of an input of the workflow that is called.", TEXT),
        "in": Field(
            "Where it stands in the request; an input of a called workflow stands nowhere.",
            one_of("path", "query", "header", "cookie", "querystring"),
            one_of("path", "query", "header", "cookie"),
        ),
        "value": Field("The value: a constant, an expression, or a text with expressions in braces.", ANYTHING),
    },
    "Success Action Object": {
        **_ACTION,
        "type": Field("Whether the workflow ends here or goes on elsewhere.", one_of("end", "goto")),
        "criteria": Field(
            "When the action is taken: all must hold. The first action of the list that may be taken is.",
            list_of(ref("criterion"), at_least_one=True),
        ),
    },
    "Failure Action Object": {
        **_ACTION,
        "type": Field(
            "Whether the workflow ends here, goes on elsewhere, or tries the step again.",
            one_of("end", "goto", "retry"),
        ),
        "criteria": Field(
            "When the action is taken: all must hold. The first action of the list that may be taken is.", _CRITERIA
        ),
        "retryAfter": Field("How many seconds to wait before another try.", {"type": "number", "minimum": 0}),
        "retryLimit": Field("How often the step is tried again, at most; once without it.", COUNT),
    },
    "Components Object": {
        "inputs": Field("JSON Schemas of inputs, for `#/components/inputs/<name>`.", map_of(ref("schema"))),
        "parameters": Field("Parameters, for `$components.parameters.<name>`.", map_of(ref("parameter"))),
        "successActions": Field("Actions, for `$components.successActions.<name>`.", map_of(ref("successAction"))),
        "failureActions": Field("Actions, for `$components.failureActions.<name>`.", map_of(ref("failureAction"))),
    },
    "Reusable Object": {
        "reference": Field(
            "The component that stands here.",
            {
                "type": "string",
                "pattern": r"^\$components\.(parameters|successActions|failureActions)\.[a-zA-Z0-9.\-_]+$",
                "examples": ["$components.parameters.token"],
            },
        ),
        "value": Field("The value of the parameter here, in place of the component's.", ANYTHING),
    },
    "Criterion Object": {
        "context": Field("What a `regex`, `jsonpath` or `xpath` is applied to.", EXPRESSION),
        "condition": Field(
            "What must hold: a comparison, a pattern, a JSONPath or an XPath.",
            {**FILLED, "examples": ["$statusCode == 200", "$response.body#/status == 'done'"]},
        ),
        "type": Field("The language of the condition; `simple` without it.", criterion_type()),
    },
    "Expression Type Object": {
        "type": Field("The language.", one_of("jsonpath", "xpath", "jsonpointer"), one_of("jsonpath", "xpath")),
        "version": Field("The version of the language.", TEXT),
    },
    "Selector Object": {
        "context": Field("What is selected from, such as `$response.body`.", EXPRESSION),
        "selector": Field("What selects: a JSONPath, an XPath or a JSON Pointer.", TEXT),
        "type": Field("The language of the selector.", selector_type()),
    },
    "Request Body Object": {
        "contentType": Field("The media type of the body; without it, the operation's.", TEXT),
        "payload": Field("The body: a value, an expression, or a text with expressions in braces.", ANYTHING),
        "replacements": Field("Values that are put into the payload.", list_of(ref("payloadReplacement"))),
    },
    "Payload Replacement Object": {
        "target": Field("Where in the payload: a JSON Pointer, or an XPath in XML.", TEXT),
        "value": Field("The value that is put there.", ANYTHING),
        "targetSelectorType": Field("The language of the target, if it is another one.", selector_type()),
    },
}
