"""The table of repairs: the name of each, why it is made, an example before and after, and what makes it.

Each row has an example, which the page of repairs shows and a test carries out. Those of criteria and
of values in other words stand in tables of their own, which are parts of this one, and those of whole objects in one
beside it; how a document is repaired by all is decided by ``corrections``.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.repairs import (
    expressions,
    operation_paths,
    parts,
    references,
    whole_objects,
)
from arazzo_engine.language.repairs.criteria import queries, query_strings
from arazzo_engine.language.repairs.criteria.table import CRITERIA
from arazzo_engine.language.repairs.rows import Repair
from arazzo_engine.language.repairs.shapes import words
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.undeclared_inputs import declare_inputs
from arazzo_engine.language.repairs.values import component_values, first_words, own_outputs
from arazzo_engine.language.repairs.values.table import SENT, VALUES, WRITTEN_OTHERWISE

REPAIRS: Final[tuple[Repair, ...]] = (
    *WRITTEN_OTHERWISE,
    Repair(
        "remark", "a remark is no part of an expression",
        "$steps.find.outputs.id (optional)", "$steps.find.outputs.id", VALUES, expressions.drop_prose,
    ),
    Repair(
        "header-name", "the headers are named by `header`",
        "$response.headers.Location", "$response.header.Location", VALUES, expressions.correct_header,
    ),
    Repair(
        "status-of-answer", "the status of an answer is `$statusCode`",
        "$response.statusCode", "$statusCode", VALUES, expressions.correct_status,
    ),
    Repair(
        "root-of-workflows", "what workflows have is named by `$workflows`",
        "$workflow.other.outputs.total", "$workflows.other.outputs.total", VALUES, expressions.correct_root,
    ),
    Repair(
        "called-outputs", "a step names the outputs of the workflow that it calls by `$outputs`",
        "$workflow.outputs.total", "$outputs.total", (Kind.OUTPUT,), expressions.name_called_output,
    ),
    Repair(
        "own-output", "`$outputs` are those of a workflow that is called, and the step itself has this one",
        "$outputs.page", "$steps.own.outputs.page", VALUES, own_outputs.write_taken,
    ),
    Repair(
        "output-of-output", "the outputs of a step are taken together, and this one is that",
        "$steps.own.outputs.id", "$response.body#/id", VALUES, own_outputs.write_judged,
    ),
    Repair(
        "message-of-step", "a step gives its outputs alone, and one of them is that",
        "$steps.find.response.body#/id", "$steps.find.outputs.id", VALUES, expressions.name_given,
    ),
    Repair(
        "outputs-left-out", "what a step has is its `outputs`",
        "$steps.find.id", "$steps.find.outputs.id", VALUES, expressions.add_outputs,
    ),
    Repair(
        "source-name", "names are compared with their case and the signs between their words",
        "$sourceDescriptions.SHOP.findItem", "$sourceDescriptions.shop.findItem",
        (*VALUES, Kind.OPERATION_ID, Kind.WORKFLOW_ID, Kind.OPERATION_PATH), expressions.correct_source,
    ),
    Repair(
        "output-of-document", "a source description has no outputs, and this alone gives that one here",
        "$sourceDescriptions.stock.count.outputs.id", "$steps.find.outputs.id", VALUES, expressions.name_called,
    ),
    Repair(
        "workflow-reference", "a workflow is named by its id, after its source description if there is one",
        "$sourceDescriptions.shop.workflows.order", "$sourceDescriptions.shop.order",
        (Kind.WORKFLOW_ID,), expressions.name_workflow,
    ),
    Repair(
        "workflow-of-api", "an API description has no workflows, and this document has one of that name",
        "$sourceDescriptions.shop.other", "other", (Kind.WORKFLOW_ID,), expressions.name_own_workflow,
    ),
    Repair(
        "workflow-id-case", "ids are compared with their case",
        "Other", "other", (Kind.WORKFLOW_ID,), expressions.correct_workflow_id,
    ),
    Repair(
        "id-case", "ids are compared with their case",
        "$steps.Find.outputs.id", "$steps.find.outputs.id", VALUES, expressions.correct_id,
    ),
    Repair(
        "step-by-operation", "a step is named by its own id, and this one alone runs what is named",
        "$steps.findItem.outputs.id", "$steps.find.outputs.id", VALUES, expressions.name_step,
    ),
    Repair(
        "target-by-operation", "a step is named by its own id, and this one alone runs what is named",
        "findItem", "find", (Kind.STEP_ID,), expressions.name_target,
    ),
    Repair(
        "step-id-case", "ids are compared with their case",
        "Find", "find", (Kind.STEP_ID,), expressions.correct_step_id,
    ),
    Repair(
        "target-as-expression", "a step of the same workflow is named by its id",
        "$steps.find", "find", (Kind.STEP_ID,), expressions.name_step_alone,
    ),
    Repair(
        "step-of-workflow", "a step of the same workflow is named by itself, one of another by an output of that one",
        "$workflows.here.steps.find.outputs.id", "$steps.find.outputs.id", VALUES, whole_objects.name_within,
    ),
    Repair(
        "output-as-step", "no step has that id, and one alone has an output of that name",
        "$steps.item", "$steps.find.outputs.item", VALUES, expressions.name_owner,
    ),
    Repair(
        "member-of-all", "an output or input is named after a dot",
        "$steps.find.outputs#/item/id", "$steps.find.outputs.item#/id", VALUES, whole_objects.name_member,
    ),
    Repair(
        "all-members", "each input or output is named by its own expression",
        "$workflows.other.outputs", "{total: $workflows.other.outputs.total}",
        SENT, whole_objects.write_members,
    ),
    Repair(
        "all-as-output", "each input or output is named by its own expression",
        "$workflows.other.outputs", "{x-arazzo-engine-value: {total: $workflows.other.outputs.total}}",
        (Kind.OUTPUT,), whole_objects.write_output, is_own=True,
    ),
    Repair(
        "no-members", "it has no outputs, so that all of them are none",
        "$steps.ping.outputs", "{}", SENT, whole_objects.write_nothing,
    ),
    Repair(
        "none-as-output", "it has no outputs, so that all of them are none",
        "$steps.ping.outputs", "{x-arazzo-engine-value: {}}",
        (Kind.OUTPUT,), whole_objects.write_no_output, is_own=True,
    ),
    Repair(
        "component-value", "no expression names the value of a component",
        "$components.parameters.page.value", "2", SENT, component_values.write_value,
    ),
    Repair(
        "component-as-output", "no expression names the value of a component",
        "$components.parameters.page.value", "{x-arazzo-engine-value: '2'}",
        (Kind.OUTPUT,), component_values.write_output, is_own=True,
    ),
    Repair(
        "type-of-selector", "each of these words is written in one way, in small letters",
        "{context: $steps.find.outputs.id, selector: '$.id', type: JSONPath}",
        "{context: $steps.find.outputs.id, selector: '$.id', type: jsonpath}",
        (Kind.SELECTOR,), words.correct_selector,
    ),
    Repair(
        "selected-output", "the outputs of a step are taken together, and this one is that",
        "{context: $steps.own.outputs.id, selector: '$[0]', type: jsonpath}",
        "{context: $response.body#/id, selector: '$[0]', type: jsonpath}",
        (Kind.SELECTOR,), own_outputs.select_judged,
    ),
    Repair(
        "selected-member", "the context of a selector is one value",
        "{context: $steps.find.outputs, selector: '$.item.id', type: jsonpath}",
        "{context: $steps.find.outputs.item, selector: '$.id', type: jsonpath}",
        (Kind.SELECTOR,), whole_objects.select_within,
    ),
    Repair(
        "member-access", "a part of a value is named by a JSON Pointer",
        "$steps.find.outputs.item.prices[0].amount", "$steps.find.outputs.item#/prices/0/amount",
        VALUES, expressions.name_members,
    ),
    Repair(
        "part-by-path", "a part of a value is named by a JSON Pointer alone",
        "$response.body$.items[0].id", "$response.body#/items/0/id", VALUES, parts.name_part,
    ),
    Repair(
        "every-element", "a list of one part of every element is given by a selector",
        "$steps.find.outputs.item[*].id",
        "{context: $steps.find.outputs.item, selector: '$[*].id', type: jsonpath, x-arazzo-engine-selects: all}",
        VALUES, parts.name_every, is_own=True,
    ),
    Repair(
        "one-element", "the one element that is meant is given by a selector",
        "$steps.find.outputs.item[?(@.kind == 'a')].id",
        "{context: $steps.find.outputs.item, selector: \"$[?(@.kind == 'a')].id\", type: jsonpath,"
        " x-arazzo-engine-selects: one}",
        VALUES, parts.name_one, is_own=True,
    ),
    Repair(
        "last-element", "an element that is counted from the end is given by a selector",
        "$steps.find.outputs.item[-1].id",
        "{context: $steps.find.outputs.item, selector: '$[-1].id', type: jsonpath, x-arazzo-engine-selects: one}",
        VALUES, parts.name_last, is_own=True,
    ),
    Repair(
        "counted-value",
        "no expression counts, and only this engine does by this selector: to other tools it gives the value itself",
        "$steps.find.outputs.item.prices.length",
        "{context: $steps.find.outputs.item#/prices, selector: '', type: jsonpointer, x-arazzo-engine-selects: length}",
        VALUES, parts.name_length, is_own=True,
    ),
    Repair(
        "embedded-expression", "the expression in braces is corrected",
        "items/{$steps.find.outputs.item.id}", "items/{$steps.find.outputs.item#/id}",
        VALUES, expressions.correct_text,
    ),
    Repair(
        "missing-braces", "an expression within the text of a parameter or an output stands in braces",
        "Bearer $inputs.token", "Bearer {$inputs.token}", (Kind.ARGUMENT, Kind.PARAMETER, Kind.OUTPUT),
        expressions.add_braces,
    ),
    Repair(
        "joined-expressions", "each expression of a text with several stands in braces",
        "$inputs.user $inputs.token", "{$inputs.user} {$inputs.token}", VALUES, expressions.join_expressions,
    ),
    Repair(
        "expression-as-object", "an expression in braces without quotes is an object of YAML",
        "{$inputs.token}", "$inputs.token", (Kind.MAPPING,), first_words.name_unquoted,
    ),
    Repair(
        "operation-by-name", "the description is named by an expression in braces",
        "shop#/paths/~1items/get", "{$sourceDescriptions.shop.url}#/paths/~1items/get",
        (Kind.OPERATION_PATH,), operation_paths.name_by_pointer,
    ),
    Repair(
        "operation-by-route", "an operation is named by its description and a JSON Pointer",
        "GET /items", "{$sourceDescriptions.shop.url}#/paths/~1items/get",
        (Kind.OPERATION_PATH,), operation_paths.name_by_route,
    ),
    *CRITERIA,
    Repair(
        "quotes-in-selector", "a text that is compared stands in quotes",
        '{context: $steps.find.outputs.all, selector: "$[?@.state == open]", type: jsonpath}',
        "{context: $steps.find.outputs.all, selector: \"$[?@.state == 'open']\", type: jsonpath}",
        (Kind.SELECTOR,), query_strings.quote_in_selector,
    ),
    Repair(
        "braces-in-selector", "an expression within a query stands in braces",
        "{context: $steps.find.outputs.id, selector: \"$[?@.sku == '$inputs.token']\", type: jsonpath}",
        "{context: $steps.find.outputs.id, selector: \"$[?@.sku == '{$inputs.token}']\", type: jsonpath}",
        (Kind.SELECTOR,), queries.embed_in_selector,
    ),
    Repair(
        "reference-by-pointer", "a reusable object is named by an expression",
        "$ref: '#/components/parameters/item'", "reference: $components.parameters.item",
        (Kind.REUSABLE,), references.name_component,
    ),
)  # fmt: skip
UNDECLARED_INPUTS: Final = Repair(
    "undeclared-inputs", "a workflow declares its inputs; each of these must be given",
    "workflowId: order\nsteps: …, with `value: $inputs.item`",
    "workflowId: order\ninputs: {type: object, required: [item], properties: {item: {}}}\nsteps: …",
    (), lambda workflow, _names: declare_inputs(workflow),
)  # fmt: skip
UNNAMED_ACTION: Final = Repair(
    "unnamed-action", "a name only tells one action from another",
    "onSuccess:\n- type: end", "onSuccess:\n- name: end-1\n  type: end",
    (), lambda action, _names: action,
)  # fmt: skip
OUTPUT_NAME: Final = Repair(
    "output-name", "the name of an output has letters, digits, `.`, `-` and `_`",
    "outputs:\n  Token (raw): $response.body#/token\n… $steps.login.outputs.Token (raw)",
    "outputs:\n  Token_raw: $response.body#/token\n… $steps.login.outputs.Token_raw",
    (), lambda outputs, _names: outputs,
)  # fmt: skip
SCHEMA_REFERENCE: Final = Repair(
    "schema-reference", "a schema refers to another one by `$ref` and a URI",
    "inputs: {type: object, properties: {item: $components.inputs.item}}",
    "inputs: {type: object, properties: {item: {$ref: '#/components/inputs/item'}}}",
    (), lambda schema, _names: schema,
)  # fmt: skip
REQUIREMENT: Final = Repair(
    "required-property", "an object lists the properties that it requires",
    "inputs: {type: object, properties: {item: {type: string, required: true}}}",
    "inputs: {type: object, properties: {item: {type: string}}, required: [item]}",
    (), lambda schema, _names: schema,
)  # fmt: skip
CONTINUING: Final = Repair(
    "continue-on-error", "a step that fails goes on by an action",
    "stepId: warm\ncontinueOnError: true",
    "stepId: warm\nonFailure:\n- {name: go-on, type: goto, stepId: order}",
    (), lambda step, _names: step,
)  # fmt: skip
PARAMETER_IN_BODY: Final = Repair(
    "parameter-in-body", "what a body holds is its `payload`",
    "stepId: pay\nparameters:\n- {name: amount, in: body, value: 3}\n- {name: id, in: path, value: 1}",
    "stepId: pay\nparameters:\n- {name: id, in: path, value: 1}\nrequestBody: {payload: {amount: 3}}",
    (), lambda step, _names: step,
)  # fmt: skip
WRAPPED_BODY: Final = Repair(
    "wrapped-body", "what is sent stands under `payload`",
    "data: {amount: 3}", "payload: {amount: 3}",
    (), lambda body, _names: body,
)  # fmt: skip
