"""The table of repairs of objects, which are made before all others: those look for their places in what these write.

Each row has an example, which the page of repairs shows and a test carries out.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.repairs.rows import Repair, nothing
from arazzo_engine.language.repairs.shapes import bodies, entries, lists, objects, renames, retries, words
from arazzo_engine.language.repairs.sites import Kind

_OBJECTS: Final = (
    *(Kind.SOURCE, Kind.WORKFLOW, Kind.PARAMETER_OBJECT, Kind.ACTION, Kind.CRITERION_OBJECT, Kind.BODY),
    *(Kind.REPLACEMENT, Kind.STEP),
)
SHAPES: Final[tuple[Repair, ...]] = (
    Repair(
        "empty-field", "a field without a value is one that was left out",
        "name: stop\ntype: end\nstepId: ''\ncriteria:", "name: stop\ntype: end",
        (*_OBJECTS, Kind.ACTION), nothing, of_kind=objects.drop_empty,
    ),
    Repair(
        "blank-entry", "an entry in which nothing has a value is one that was left out",
        "name: stop\ntype: end\nparameters:\n- name:\n  value:",
        "name: stop\ntype: end\nparameters: []",
        (Kind.WORKFLOW, Kind.BODY, Kind.STEP, Kind.ACTION), nothing, of_kind=objects.drop_blank_entries,
    ),
    Repair(
        "list-of-none", "a list that needs an entry and has none is one that was left out",
        "stepId: find\noperationId: findItem\nsuccessCriteria: []", "stepId: find\noperationId: findItem",
        (Kind.STEP,), objects.drop_empty_lists,
    ),
    Repair(
        "list-of-one", "one entry is a list of one",
        "stepId: pay\ndependsOn: find", "stepId: pay\ndependsOn: [find]",
        (Kind.WORKFLOW, Kind.ACTION, Kind.BODY, Kind.STEP), nothing, of_kind=objects.list_alone,
    ),
    Repair(
        "target-alone", "one entry is a list of one",
        "stepId: pay\nonFailure: find", "stepId: pay\nonFailure: [find]",
        (Kind.WORKFLOW, Kind.STEP), objects.list_target_alone,
    ),
    Repair(
        "list-of-itself", "one entry is a list of one",
        "workflowId: order\nsteps: […]", "- workflowId: order\n  steps: […]",
        (Kind.SOURCES, Kind.STEPS, Kind.WORKFLOWS), nothing, of_kind=lists.list_itself,
    ),
    Repair(
        "list-by-names", "these are listed, and each entry says its name",
        "order: {steps: […]}", "- {workflowId: order, steps: […]}",
        (Kind.SOURCES, Kind.STEPS, Kind.ACTIONS, Kind.WORKFLOWS), nothing, of_kind=lists.list_named,
    ),
    Repair(
        "version-of-three-parts", "a version of Arazzo is a text of three parts",
        "1.0", "1.0.0", (Kind.VERSION,), words.complete_version,
    ),
    Repair(
        "number-as-version", "the title and the version of a document are texts",
        "title: Orders\nversion: 1.0", "title: Orders\nversion: '1.0'", (Kind.INFO,), words.quote_texts,
    ),
    Repair(
        "word-in-another-case", "each of these words is written in one way, in small letters",
        "name: again\ntype: Retry", "name: again\ntype: retry",
        (Kind.SOURCE, Kind.PARAMETER_OBJECT, Kind.CRITERION_OBJECT, Kind.REPLACEMENT, Kind.ACTION), nothing,
        of_kind=words.correct_case,
    ),
    Repair(
        "version-in-type", "the version of a description is its own, and its type is one word",
        "name: shop\nurl: shop.yaml\ntype: openapi3", "name: shop\nurl: shop.yaml\ntype: openapi",
        (Kind.SOURCE,), words.name_type,
    ),
    Repair(
        "delay-of-answer", "the `Retry-After` of an answer is obeyed without it",
        "name: again\ntype: retry\nretryAfter: $response.header.Retry-After\nretryLimit: 3",
        "name: again\ntype: retry\nretryLimit: 3",
        (Kind.ACTION,), words.obey_header,
    ),
    Repair(
        "number-as-text", "it is a number: of seconds, of attempts, or of milliseconds in a `timeout`",
        "name: again\ntype: retry\nretryAfter: 5s\nretryLimit: '3'",
        "name: again\ntype: retry\nretryAfter: 5\nretryLimit: 3",
        (Kind.STEP, Kind.ACTION), words.write_numbers,
    ),
    Repair(
        "field-called-otherwise", "the field that is missing has this name here",
        "id: find\noperation_id: findItem", "stepId: find\noperationId: findItem",
        (Kind.COMPONENTS, Kind.INFO, Kind.DOCUMENT, *_OBJECTS), nothing, of_kind=renames.rename,
    ),
    Repair(
        "mapped-parameters", "parameters are a list, and each says its name and its value",
        "stepId: find\nheaders: {X-Shop: a}\nparameters: {id: 3}",
        "stepId: find\nparameters:\n- {name: id, value: 3}\n- {name: X-Shop, in: header, value: a}",
        (Kind.STEP,), bodies.list_parameters,
    ),
    Repair(
        "inputs-of-call", "what a workflow is called with are `parameters`, without `in`",
        "stepId: call\nworkflowId: order\ninputs: {id: 3}",
        "stepId: call\nworkflowId: order\nparameters:\n- {name: id, value: 3}",
        (Kind.STEP,), bodies.list_inputs,
    ),
    Repair(
        "place-of-input", "a workflow is called with its inputs, which have no place",
        "stepId: call\nworkflowId: order\nparameters: [{name: id, in: body, value: 3}]",
        "stepId: call\nworkflowId: order\nparameters: [{name: id, value: 3}]",
        (Kind.ACTION, Kind.STEP), objects.drop_places,
    ),
    Repair(
        "body-of-step", "what a step sends is the `payload` of its `requestBody`",
        "stepId: pay\nbody: {amount: 3}", "stepId: pay\nrequestBody: {payload: {amount: 3}}",
        (Kind.STEP,), bodies.body_of_step,
    ),
    Repair(
        "payload-left-out", "what is sent stands under `payload`",
        "amount: 3\nnote: a", "payload: {amount: 3, note: a}",
        (Kind.BODY,), bodies.put_under_payload,
    ),
    Repair(
        "file-by-name", "a document reads no file: it is an input, which is given with `-i NAME=@PATH`",
        "payload: {photo: 'x-file: a.png', note: a}", "payload: {photo: $inputs.a_png, note: a}",
        (Kind.BODY,), bodies.ask_for_files,
    ),
    Repair(
        "media-type-by-name", "a `contentType` is a media type",
        "contentType: json\npayload: {amount: 3}", "contentType: application/json\npayload: {amount: 3}",
        (Kind.BODY,), words.name_media_type,
    ),
    Repair(
        "form-as-text", "what is replaced is a member of an object",
        "contentType: application/x-www-form-urlencoded\npayload: a=1&b={$inputs.user}\n"
        "replacements: [{target: /a, value: 2}]",
        "contentType: application/x-www-form-urlencoded\npayload: {a: '1', b: '{$inputs.user}'}\n"
        "replacements: [{target: /a, value: 2}]",
        (Kind.BODY,), bodies.split_form,
    ),
    Repair(
        "element-in-brackets", "the place that is replaced is named by a JSON Pointer",
        "payload: {items: [{price: 1}]}\nreplacements: [{target: '/items[0]/price', value: 2}]",
        "payload: {items: [{price: 1}]}\nreplacements: [{target: /items/0/price, value: 2}]",
        (Kind.BODY,), bodies.point_into_lists,
    ),
    Repair(
        "target-without-pointer", "the place that is replaced is named by a JSON Pointer",
        "target: item.name\nvalue: a", "target: /item/name\nvalue: a",
        (Kind.REPLACEMENT,), bodies.point_at_target,
    ),
    Repair(
        "inputs-without-properties", "inputs are the `properties` of a JSON Schema",
        "workflowId: order\ninputs: {item: {type: string}}",
        "workflowId: order\ninputs: {type: object, properties: {item: {type: string}}}",
        (Kind.WORKFLOW,), objects.declare_properties,
    ),
    Repair(
        "described-output", "an output is its value alone",
        "stepId: find\noutputs:\n  id: {value: $response.body#/id, description: of the item}",
        "stepId: find\noutputs:\n  id: $response.body#/id",
        (Kind.WORKFLOW, Kind.STEP), objects.write_outputs,
    ),
    Repair(
        "grouped-outputs", "an output is one value, and Arazzo has no expression for an object of several",
        "stepId: find\noutputs:\n  all: {id: $response.body#/id}",
        "stepId: find\noutputs:\n  all: {x-arazzo-engine-value: {id: $response.body#/id}}",
        (Kind.WORKFLOW, Kind.STEP), objects.group_outputs, is_own=True,
    ),
    Repair(
        "empty-output", "an output without a value is one that was left out",
        "stepId: find\noutputs:\n  id: $response.body#/id\n  date:", "stepId: find\noutputs:\n  id: $response.body#/id",
        (Kind.WORKFLOW, Kind.STEP), objects.drop_empty_outputs,
    ),
    Repair(
        "constant-output", "Arazzo has no expression for such a constant",
        "stepId: find\noutputs:\n  count: 2", "stepId: find\noutputs:\n  count: {x-arazzo-engine-value: 2}",
        (Kind.WORKFLOW, Kind.STEP), objects.mark_constants, is_own=True,
    ),
    Repair(
        "outputs-in-list", "outputs are a map of names to values",
        "stepId: find\noutputs:\n- id: $response.body#/id", "stepId: find\noutputs:\n  id: $response.body#/id",
        (Kind.WORKFLOW, Kind.STEP), objects.join_outputs,
    ),
    Repair(
        "open-step", "a step that is sent without a credential says so by an extension of this engine",
        "stepId: find\nsecurity: []", "stepId: find\nx-arazzo-engine-security: none",
        (Kind.STEP,), objects.open_step, is_own=True,
    ),
    Repair(
        "summary-of-step", "what a step is for stands in its `description`",
        "stepId: find\nsummary: Find it", "stepId: find\ndescription: Find it",
        (Kind.STEP,), objects.describe_step,
    ),
    Repair(
        "remark-in-field", "it changes nothing that is done, and is an extension here",
        "name: id\nin: path\ndescription: of the item\nvalue: 1",
        "name: id\nin: path\nx-description: of the item\nvalue: 1",
        (*_OBJECTS, Kind.PARAMETER_OBJECT), nothing, of_kind=objects.mark_remarks,
    ),
    Repair(
        "target-of-action", "an action that goes somewhere is of type `goto`, and says where",
        "name: again\ngoto: find", "name: again\ntype: goto\nstepId: find",
        (Kind.ACTION,), objects.target_of_action,
    ),
    Repair(
        "goto-by-target", "an action that names where it goes is of type `goto`",
        "name: on\ntype: step\nstepId: find", "name: on\ntype: goto\nstepId: find", (Kind.ACTION,), objects.name_goto,
    ),
    Repair(
        "end-as-step", "an action that ends is of type `end`",
        "name: stop\ntype: goto\nstepId: end", "name: stop\ntype: end", (Kind.ACTION,), objects.end_of_action,
    ),
    Repair(
        "condition-of-action", "when an action is taken, its `criteria` say",
        "name: stop\ntype: end\ncondition: $statusCode == 404",
        "name: stop\ntype: end\ncriteria:\n- condition: $statusCode == 404",
        (Kind.ACTION,), objects.criterion_of_action,
    ),
    Repair(
        "retry-of-success", "a step that is tried again has not succeeded, and has failed when no attempt is left",
        "stepId: find\noperationId: findItem\nsuccessCriteria: [{condition: $statusCode == 200}]\n"
        "onSuccess:\n- {name: again, type: retry, retryLimit: 9,"
        " criteria: [{condition: $response.body#/done == false}]}",
        "stepId: find\noperationId: findItem\n"
        "successCriteria: [{condition: $statusCode == 200}, {condition: '!($response.body#/done == false)'}]\n"
        "onFailure:\n- {name: again, type: retry, retryLimit: 9,"
        " criteria: [{condition: $statusCode == 200}, {condition: $response.body#/done == false}]}",
        (Kind.STEP,), retries.retry_unfinished,
    ),
    Repair(
        "text-as-criterion", "a criterion is an object with a `condition`",
        "$statusCode == 200", "condition: $statusCode == 200",
        (Kind.CRITERION_OBJECT,), objects.condition_alone,
    ),
    Repair(
        "route-of-step", "an operation is named by one field",
        "stepId: find\nmethod: GET\npath: /items", "stepId: find\noperationPath: GET /items",
        (Kind.STEP,), entries.name_route,
    ),
    Repair(
        "method-of-path", "an operation is named by one field",
        "stepId: find\noperationPath: /items\nmethod: get", "stepId: find\noperationPath: GET /items",
        (Kind.STEP,), entries.join_method,
    ),
    Repair(
        "status-as-criterion",
        "a criterion is an object with a `condition`, and the status of an answer is `$statusCode`",
        "statusCode: 200", "condition: $statusCode == 200",
        (Kind.CRITERION_OBJECT,), entries.compare_status,
    ),
    Repair(
        "condition-as-text", "a condition is a text",
        "condition: true", "condition: 'true'", (Kind.CRITERION_OBJECT,), entries.write_condition,
    ),
    Repair(
        "parameter-by-place", "a parameter has a `name`, and its place is `in`",
        "header: X-Token\nvalue: a", "name: X-Token\nin: header\nvalue: a",
        (Kind.PARAMETER_OBJECT,), entries.name_by_place,
    ),
    Repair(
        "component-alone", "a component is named by `reference`",
        "$components.parameters.page", "reference: $components.parameters.page",
        (Kind.ACTION, Kind.PARAMETER_OBJECT), nothing, of_kind=entries.refer_to_component,
    ),
    Repair(
        "word-as-action", "an action is an object with a `type`",
        "end", "type: end", (Kind.ACTION,), entries.name_action,
    ),
    Repair(
        "step-as-expression", "a step of the same workflow is named by its id",
        "$steps.find", "find", (Kind.DEPENDENCY,), objects.name_step,
    ),
)  # fmt: skip
