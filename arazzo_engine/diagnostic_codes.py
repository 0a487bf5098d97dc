"""The table of diagnostic codes: permanent, sorted, each with its severity, its kind and its reason.

A code is never renamed and never reused. What a row says is in ``diagnostic_rows``, and so are the rows on what a step
writes out and on where a request may go with which credential.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_rows import OF_ACCESS, OF_VALUES, Code

_ROWS: Final[dict[str, Code]] = {
    "api-malformed": Code(
        "an API description is not as OpenAPI requires where a step needs it",
        "a request cannot be built from a description that cannot be understood",
        "OpenAPI",
    ),
    "contract-unchecked": Code(
        "an exchange could not be checked against the API description as a whole",
        "what is not checked is said, so that a silence means that nothing was found",
        severity="warning",
        kind="run",
    ),
    "dependency-cycle": Code(
        "workflows or steps depend on each other in a circle",
        "each waits for the other to be completed first, so none can start",
        "Arazzo 1.1.0, Workflow Object, dependsOn",
    ),
    "dependency-not-completed": Code(
        "a step was reached before a step it depends on had completed",
        "`dependsOn` lists steps that must be completed before the step can be executed, and runs none of them",
        "Arazzo 1.1.0, Step Object, dependsOn",
        kind="run",
    ),
    "document-too-deep": Code(
        "a document nests deeper than the engine reads",
        "descriptions are untrusted, and nesting is bounded so that none can exhaust the engine",
    ),
    "document-too-large": Code(
        "a document is larger than the engine reads, or grows larger through its aliases",
        "descriptions are untrusted, and size is bounded so that none can exhaust the engine",
    ),
    "duplicate-key": Code(
        "a mapping has the same key twice",
        "only one of the two values could be used, and which one is a matter of chance",
        "RFC 8259, section 4; YAML 1.2.2, section 3.2.1.3",
    ),
    "empty-list": Code(
        "a list that must have an entry is empty",
        "the list must have at least one entry",
        "Arazzo 1.1.0, Schema",
    ),
    "engine-bug": Code(
        "the engine itself is wrong",
        "what was being done is not known to be complete, so nothing more is done",
        kind="run",
    ),
    "exclusive-fields": Code(
        "an object has fields that exclude each other, or none of those it must choose from",
        "exactly one of the fields may be given",
        "Arazzo 1.1.0, Step Object",
    ),
    "expression-unavailable": Code(
        "an expression names something that has no value where it stands",
        "the value does not exist yet at the moment the expression is evaluated",
        "Arazzo 1.1.0, Runtime Expressions",
    ),
    "field-ignored": Code(
        "an object has a field that its type does not use",
        "the field says nothing here, so the document may mean something that does not happen",
        "Arazzo 1.1.0, Success Action Object; Failure Action Object",
        severity="warning",
    ),
    "field-missing": Code(
        "an object lacks a required field",
        "the field is REQUIRED",
        "Arazzo 1.1.0, Schema",
    ),
    "field-type": Code(
        "a field has a value of the wrong type",
        "the specification fixes the type of each field",
        "Arazzo 1.1.0, Schema",
    ),
    "field-unknown": Code(
        "an object has a field that the specification does not define",
        "only the fixed fields and extensions that begin with `x-` are allowed",
        "Arazzo 1.1.0, Specification Extensions",
    ),
    "field-value": Code(
        "a field has a value outside the ones allowed",
        "the specification lists the values this field may have",
        "Arazzo 1.1.0, Schema",
    ),
    "forward-reference": Code(
        "a step uses outputs of a step that has not run when it runs",
        "steps run as written, so the step referred to has no outputs yet",
        "Arazzo 1.1.0, Step Dependencies and Execution Order",
    ),
    "header-refused": Code(
        "a step sets a header that is not its own to set, or none at all",
        "what frames a message is written by who sends it, so that no two readers find different messages in it",
        "RFC 9110; RFC 9112",
    ),
    "id-characters": Code(
        "an id has characters that an expression of Arazzo 1.1 cannot name",
        "an id SHOULD match `[A-Za-z0-9_\\-]+`: an expression of Arazzo 1.1 can name no other",
        "Arazzo 1.1.0, Step Object, stepId; Workflow Object, workflowId",
        severity="warning",
    ),
    "id-duplicate": Code(
        "two things of one kind have the same id or name",
        "an id or name must be unique, or a reference to it has two meanings",
        "Arazzo 1.1.0, Schema",
    ),
    "input-invalid": Code(
        "an input does not fit the workflow's schema",
        "inputs are checked against the workflow's JSON Schema before anything is sent",
        "Arazzo 1.1.0, Workflow Object, inputs",
        kind="usage",
    ),
    "input-missing": Code(
        "a required input was not given",
        "the workflow's inputs require it",
        "Arazzo 1.1.0, Workflow Object, inputs",
        kind="usage",
    ),
    "input-needed": Code(
        "a request needs an optional input that was not given",
        "an input that is not given is left out of a request, and this request cannot be sent without it",
        "Arazzo 1.1.0, Parameter Object, value",
        kind="usage",
    ),
    "input-not-passed": Code(
        "a workflow that another one calls is not given an input it requires",
        "a called workflow gets only the inputs that its caller passes",
        "Arazzo 1.1.0, Step Object, parameters",
    ),
    "input-schema-invalid": Code(
        "the workflow's inputs are not a JSON Schema",
        "inputs must be a JSON Schema 2020-12",
        "Arazzo 1.1.0, Workflow Object, inputs",
    ),
    "input-undeclared": Code(
        "a workflow requires an input that it does not declare",
        "an input without a schema of its own is checked by nothing, and its name may be misspelt",
        "Arazzo 1.1.0, Workflow Object, inputs",
        severity="warning",
    ),
    "input-unknown": Code(
        "an input was given that the workflow does not know",
        "the workflow's inputs do not declare it, so no step can use it",
        "Arazzo 1.1.0, Workflow Object, inputs",
        severity="warning",
        kind="usage",
    ),
    "input-unsendable": Code(
        "an input cannot stand in the part of a request where a step uses it",
        "what the inputs decide is tried before the first request, and this request could never be sent",
        "Arazzo 1.1.0, Parameter Object, value",
        kind="usage",
    ),
    "inputs-unreadable": Code(
        "the inputs cannot be read",
        "inputs are one JSON or YAML object",
        kind="usage",
    ),
    "interrupted": Code(
        "the run was interrupted",
        "whoever started the run, or the system, asked it to end",
        kind="run",
    ),
    "invalid-condition": Code(
        "a simple condition cannot be parsed",
        "a simple condition combines runtime expressions, literals and operators",
        "Arazzo 1.1.0, Criterion Object, Simple Conditions",
    ),
    "invalid-expression": Code(
        "a runtime expression cannot be parsed",
        "a runtime expression follows the grammar of the specification",
        "Arazzo 1.1.0, Runtime Expressions",
    ),
    "invalid-name": Code(
        "a key or name has characters it must not have",
        "the key must match `^[a-zA-Z0-9.\\-_]+$`",
        "Arazzo 1.1.0, Components Object",
    ),
    "invalid-query": Code(
        "a pattern, JSONPath, XPath or JSON Pointer is not valid",
        "a query that cannot be understood cannot decide anything, so it is refused before the first request",
        "Arazzo 1.1.0, Criterion Object; Selector Object",
    ),
    "malformed-json": Code(
        "a text is not JSON",
        "nothing can be read from a text that is not well-formed",
        "RFC 8259",
    ),
    "malformed-yaml": Code(
        "a text is not YAML",
        "nothing can be read from a text that is not well-formed",
        "YAML 1.2.2",
    ),
    "nesting-limit": Code(
        "workflows called each other deeper than the limit",
        "nesting is bounded so that a workflow that calls itself ends",
        kind="run",
    ),
    "not-arazzo": Code(
        "a document is not an Arazzo Description",
        "an Arazzo Description is an object whose `arazzo` field holds the version",
        "Arazzo 1.1.0, Arazzo Specification Object",
    ),
    "observer-bug": Code(
        "an observer of the run raised an exception",
        "observers only look on: the run went on, and the exception is raised at its end",
        kind="run",
    ),
    "operation-ambiguous": Code(
        "an operation id is defined more than once",
        "the step must name one operation, and this name has several",
        "Arazzo 1.1.0, Step Object, operationId",
    ),
    "operation-not-found": Code(
        "a step names an operation that does not exist",
        "an operation must exist in one of the sourceDescriptions",
        "Arazzo 1.1.0, Step Object",
    ),
    "operation-path-invalid": Code(
        "an operationPath does not have the form that names an operation",
        "an operationPath is a source description's url and a JSON Pointer to an operation",
        "Arazzo 1.1.0, Step Object, operationPath",
    ),
    "operation-unqualified": Code(
        "an operation id does not say which of several source descriptions it means",
        "with several source descriptions the operationId MUST be a runtime expression",
        "Arazzo 1.1.0, Step Object, operationId",
        severity="warning",
    ),
    "option-invalid": Code(
        "an option or argument of the command cannot be used as given",
        "the command cannot do what it is asked for in this way",
        kind="usage",
    ),
    "output-absent": Code(
        "an output of a workflow has no value at its end",
        "what the output's expression names was not there",
        "Arazzo 1.1.0, Workflow Object, outputs",
        severity="warning",
        kind="run",
    ),
    "parameter-location": Code(
        "a parameter lacks its location, or has one where none may be",
        "`in` MUST be given for an operation and says nothing for a workflow",
        "Arazzo 1.1.0, Parameter Object, in",
    ),
    "path-parameter-mismatch": Code(
        "a path parameter and the placeholders of the path do not match",
        "each placeholder needs a value, and each path parameter a placeholder",
        "OpenAPI, Path Templating",
    ),
    "reference-loop": Code(
        "references lead back to themselves",
        "a chain of `$ref` that returns to its start names nothing",
        "OpenAPI, Reference Object",
    ),
    "reference-not-found": Code(
        "a `$ref` names nothing",
        "a reference must lead to an existing value",
        "OpenAPI, Reference Object",
    ),
    "repaired": Code(
        "a well-known mistake was read as what it must mean",
        "the specification has another form for this, and only one reading is possible; `--strict` refuses it",
        severity="warning",
    ),
    "replacement-target": Code(
        "the target of a payload replacement selects nothing, or cannot be resolved",
        "the value would be sent nowhere, and the payload would go out without it",
        "Arazzo 1.1.0, Payload Replacement Object, target",
    ),
    "request-body-malformed": Code(
        "a payload is not of the media type it is sent as",
        "a body that is not what it claims to be is not sent",
        "Arazzo 1.1.0, Request Body Object, payload",
    ),
    "request-body-missing": Code(
        "an operation requires a request body and the step sends none",
        "the operation declares its request body as required",
        "OpenAPI, Request Body Object, required",
    ),
    "request-body-unsupported": Code(
        "a request body has a media type that the engine cannot write",
        "the step's payload must become bytes of the operation's media type",
        "Arazzo 1.1.0, Request Body Object",
    ),
    "request-contract": Code(
        "a request is not as the API description says",
        "the operation describes what it takes",
        "OpenAPI, Operation Object",
        severity="warning",
        kind="run",
    ),
    "request-in-doubt": Code(
        "a request was sent and nobody knows what became of it",
        "it may have been acted upon, so a request that is not idempotent is never sent again by itself",
        "RFC 9110, section 9.2.2",
        kind="run",
    ),
    "required-parameter-missing": Code(
        "an operation's required parameter has no value",
        "the operation declares the parameter as required",
        "OpenAPI, Parameter Object",
    ),
    "response-contract": Code(
        "an answer is not as the API description says",
        "the operation describes what it answers, and steps rely on it",
        "OpenAPI, Responses Object",
        severity="warning",
        kind="run",
    ),
    "response-undocumented": Code(
        "an answer has a status that the API description does not have",
        "the operation lists the answers that its callers should expect",
        "OpenAPI, Responses Object",
        severity="warning",
        kind="run",
    ),
    "result-unwritten": Code(
        "the result of a command could not be written",
        "what a command did is not undone when what it says of it is lost",
        kind="run",
    ),
    "run-time-limit": Code(
        "a run or a check took longer than the time it was given",
        "the time of a run, a rehearsal or a check is bounded by its caller",
        kind="run",
    ),
    "source-not-found": Code(
        "a document cannot be loaded",
        "every document that a workflow needs is loaded before the first request",
        "Arazzo 1.1.0, Source Description Object, url",
    ),
    "source-type": Code(
        "a source description is not of the type it is said to be",
        "a step can only use operations of a description that the engine can read",
        "Arazzo 1.1.0, Source Description Object, type",
    ),
    "step-limit": Code(
        "the run executed more steps than the limit",
        "the number of steps is bounded so that a loop in a workflow ends",
        kind="run",
    ),
    "unknown-component": Code(
        "a reference names a component that does not exist",
        "a Reusable Object must link to an object in the components of the same document",
        "Arazzo 1.1.0, Reusable Object",
    ),
    "unknown-input": Code(
        "an expression names an input that the workflow does not declare",
        "an expression can only name inputs that exist",
        "Arazzo 1.1.0, Runtime Expressions",
    ),
    "unknown-output": Code(
        "an expression names an output that is not declared",
        "an expression can only name outputs that exist",
        "Arazzo 1.1.0, Runtime Expressions",
    ),
    "unknown-source": Code(
        "a name refers to a source description that does not exist",
        "a source description must be listed in `sourceDescriptions` to be used",
        "Arazzo 1.1.0, Source Description Object",
    ),
    "unknown-step": Code(
        "a name refers to a step that does not exist in the workflow",
        "a stepId must be that of a step of the workflow meant",
        "Arazzo 1.1.0, Success Action Object, stepId",
    ),
    "unknown-workflow": Code(
        "a name refers to a workflow that does not exist",
        "a workflowId must be that of an existing workflow",
        "Arazzo 1.1.0, Workflow Object, workflowId",
    ),
    "unsupported-feature": Code(
        "the document uses a feature that this engine does not run yet",
        "unsupported features are refused before the first request, never skipped",
    ),
    "value-missing": Code(
        "a request needs a value that was not there",
        "nothing is sent with a hole in it",
        "Arazzo 1.1.0, Runtime Expressions",
    ),
    "value-unsendable": Code(
        "a value cannot stand in the part of a request where it belongs",
        "a value must never change the route, the query or the header lines around it",
        "RFC 3986; RFC 9110",
    ),
    "version-unsupported": Code(
        "a document has a version that the engine does not know",
        "the version decides how a document is interpreted",
        "Arazzo 1.1.0, Versions",
    ),
    "workflow-not-chosen": Code(
        "a document has several workflows and none was chosen",
        "nothing runs by accident: with several workflows, one is named or all are asked for",
        kind="usage",
    ),
    "workflow-not-found": Code(
        "the workflow asked for does not exist in the document",
        "a workflow is named by its workflowId",
        kind="usage",
    ),
    "yaml-feature": Code(
        "a YAML document uses something that JSON cannot hold",
        "an Arazzo Description is a JSON object: keys are strings and tags are those of JSON",
        "Arazzo 1.1.0, Format",
    ),
}
CODES: Final[dict[str, Code]] = dict(sorted({**_ROWS, **OF_VALUES, **OF_ACCESS}.items()))
