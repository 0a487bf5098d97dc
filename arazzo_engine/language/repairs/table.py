"""The table of repairs: the name of each, why it is made, an example before and after, and what makes it.

Each row has an example, which the page of repairs shows and a test carries out. Those of whole objects have a table of
their own; how a document is repaired by both is decided by ``corrections``.
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
from arazzo_engine.language.repairs.criteria import (
    comparisons,
    conditions,
    dialects,
    patterns,
    queries,
    query_strings,
    references_in,
    wholes,
)
from arazzo_engine.language.repairs.rows import Repair
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.undeclared_inputs import declare_inputs
from arazzo_engine.language.repairs.values import component_values
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
        "missing-quotes", "without quotes, a text in braces is an object of YAML, and no parameter of text",
        "{$inputs.item}", "'{$inputs.item}'", (Kind.MAPPING,), expressions.add_quotes,
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
    Repair(
        "condition-reference", "the expression in the condition is corrected",
        "condition: $response.headers.Location != null", "condition: $response.header.Location != null",
        (Kind.CRITERION,), conditions.correct_references,
    ),
    Repair(
        "part-in-condition", "a part of a value is named by a JSON Pointer alone",
        "condition: $response.body#/items[0].id != null", "condition: $response.body#/items/0/id != null",
        (Kind.CRITERION,), references_in.name_parts,
    ),
    Repair(
        "own-output-in-condition", "a step is judged before its outputs are taken, and this one is that",
        "condition: $steps.own.outputs.id != null", "condition: $response.body#/id != null",
        (Kind.CRITERION,), references_in.read_own_outputs,
    ),
    Repair(
        "step-in-condition", "a step is named by its own id, and this one alone runs what is named",
        "condition: $steps.findItem.outputs.id == 3", "condition: $steps.find.outputs.id == 3",
        (Kind.CRITERION,), conditions.name_steps,
    ),
    Repair(
        "braces-in-condition", "a condition names a value without braces",
        "condition: '{$statusCode} == 200'", "condition: $statusCode == 200",
        (Kind.CRITERION,), dialects.drop_braces,
    ),
    Repair(
        "foreign-braces-in-condition", "a condition names a value without the braces of templates",
        "condition: ${inputs.token} == 'a'", "condition: $inputs.token == 'a'",
        (Kind.CRITERION,), dialects.drop_foreign_braces,
    ),
    Repair(
        "braces-around-context", "the context is an expression without braces",
        "context: '{$response.body}'\ntype: regex\ncondition: ok",
        "context: $response.body\ntype: regex\ncondition: ok",
        (Kind.CRITERION,), dialects.drop_context_braces,
    ),
    Repair(
        "version-beside-type", "the version of a query is a part of its type",
        "context: $response.body\ntype: jsonpath\nversion: rfc9535\ncondition: $.id",
        "context: $response.body\ntype: {type: jsonpath, version: rfc9535}\ncondition: $.id",
        (Kind.CRITERION,), dialects.put_version_in_type,
    ),
    Repair(
        "type-without-versions", "a type that has no versions is named by itself",
        "context: $url\ntype: {type: regex}\ncondition: ^https",
        "context: $url\ntype: regex\ncondition: ^https",
        (Kind.CRITERION,), dialects.name_type_alone,
    ),
    Repair(
        "word-as-context", "a condition names what it compares",
        "context: response\ncondition: $statusCode == 200", "condition: $statusCode == 200",
        (Kind.CRITERION,), dialects.drop_word_as_context,
    ),
    Repair(
        "undefined", "what is absent compares as null",
        "condition: $response.body#/id != undefined", "condition: $response.body#/id != null",
        (Kind.CRITERION,), dialects.name_undefined,
    ),
    Repair(
        "name-of-status", "the status of an answer is `$statusCode`",
        "condition: $response.status == 200", "condition: $statusCode == 200",
        (Kind.CRITERION,), dialects.name_status,
    ),
    Repair(
        "operand-left-out", "each comparison has two sides",
        "condition: $statusCode >= 200 && < 300", "condition: $statusCode >= 200 && $statusCode < 300",
        (Kind.CRITERION,), dialects.repeat_operand,
    ),
    Repair(
        "dot-in-condition", "nothing stands between the sign of an expression and its first word",
        "condition: $.response.body.state == 'done'", "condition: $response.body.state == 'done'",
        (Kind.CRITERION,), dialects.drop_dots,
    ),
    Repair(
        "body-by-path", "what an answer has is named after `$response.body`",
        "condition: $.state == 'done'", "condition: $response.body.state == 'done'",
        (Kind.CRITERION,), dialects.name_body,
    ),
    Repair(
        "operator-of-another-language",
        "the operators are `==`, `!=`, `&&` and `||`, and what is absent compares as null",
        "condition: $statusCode = 200 and $response.body#/id exists",
        "condition: $statusCode == 200 && $response.body#/id != null",
        (Kind.CRITERION,), dialects.name_operators,
    ),
    Repair(
        "counted-elements", "a condition counts elements by `length`",
        "condition: length($response.body#/items) > 0",
        "condition: $response.body#/items/length > 0\nx-arazzo-engine-condition: extended",
        (Kind.CRITERION,), dialects.count_elements, is_own=True,
    ),
    Repair(
        "status-range", "a range is two comparisons",
        "condition: $statusCode == 2XX", "condition: ($statusCode >= 200 && $statusCode < 300)",
        (Kind.CRITERION,), dialects.compare_range,
    ),
    Repair(
        "pattern-of-status", "a digit that may be any is `\\d` in a pattern",
        "context: $statusCode\ntype: regex\ncondition: 2XX", "context: $statusCode\ntype: regex\ncondition: 2\\d\\d",
        (Kind.CRITERION,), dialects.match_digits,
    ),
    Repair(
        "pattern-alone", "a criterion of this type is a pattern, and its context is named beside it",
        "context: $response.body#/next\ntype: regex\ncondition: $response.body#/next == ^https",
        "context: $response.body#/next\ntype: regex\ncondition: ^https",
        (Kind.CRITERION,), patterns.drop_left_side,
    ),
    Repair(
        "delimited-pattern", "a pattern has no delimiters around it",
        "context: $statusCode\ntype: regex\ncondition: /^2\\d\\d$/",
        "context: $statusCode\ntype: regex\ncondition: ^2\\d\\d$",
        (Kind.CRITERION,), patterns.drop_delimiters,
    ),
    Repair(
        "one-of-a-list", "each value is compared by itself",
        "condition: $statusCode in [200, 201]", "condition: $statusCode == 200 || $statusCode == 201",
        (Kind.CRITERION,), dialects.compare_each,
    ),
    Repair(
        "quotes-in-query", "a text that is compared stands in quotes",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == No such thing]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == 'No such thing']",
        (Kind.CRITERION,), query_strings.quote_in_criterion,
    ),
    Repair(
        "quotes-in-selector", "a text that is compared stands in quotes",
        '{context: $steps.find.outputs.all, selector: "$[?@.state == open]", type: jsonpath}',
        "{context: $steps.find.outputs.all, selector: \"$[?@.state == 'open']\", type: jsonpath}",
        (Kind.SELECTOR,), query_strings.quote_in_selector,
    ),
    Repair(
        "query-without-context", "a query is asked of its context",
        "type: jsonpath\ncondition: $response.body.items[0]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[0]",
        (Kind.CRITERION,), dialects.name_context,
    ),
    Repair(
        "query-without-type", "a condition that begins with a part of its context is a JSONPath",
        "context: $response.body\ncondition: $.items[0]",
        "context: $response.body\ncondition: $.items[0]\ntype: jsonpath",
        (Kind.CRITERION,), dialects.name_type,
    ),
    Repair(
        "dot-before-bracket", "in a JSONPath, a dot stands before a name",
        "context: $response.body\ntype: jsonpath\ncondition: $.items.[0]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[0]",
        (Kind.CRITERION,), queries.drop_dot,
    ),
    Repair(
        "operator-in-filter",
        "the operators of a filter are `==`, `!=`, `&&` and `||`, and each value is compared by itself",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?(@.id === 1 and @.kind in ['a', 'b'])]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?(@.id == 1 && (@.kind == 'a' || @.kind == 'b'))]",
        (Kind.CRITERION,), queries.write_operators,
    ),
    Repair(
        "query-of-all", "the context of a query is one value",
        "context: $steps.find.outputs\ntype: jsonpath\ncondition: $.item.prices[0]",
        "context: $steps.find.outputs.item\ntype: jsonpath\ncondition: $.prices[0]",
        (Kind.CRITERION,), whole_objects.ask_one,
    ),
    Repair(
        "count-of-selected", "a criterion of this type holds when its query selects something",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == 'open'].length > 0",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == 'open']",
        (Kind.CRITERION,), queries.ask_selected,
    ),
    Repair(
        "none-selected", "no query holds when nothing is selected, and only this engine can be asked for that",
        "context: $response.body\ntype: jsonpath\ncondition: $[?@.state == 'open'].length == 0",
        "context: $response.body\ntype: jsonpath\ncondition: $[?@.state == 'open']\n"
        "x-arazzo-engine-condition: nothing",
        (Kind.CRITERION,), queries.ask_none, is_own=True,
    ),
    Repair(
        "comparison-as-query", "a criterion of this type is a query, and a comparison stands in its filter",
        'context: $response.body\ntype: jsonpath\ncondition: $.state == "done" && $.items.length > 0',
        "context: $response.body\ntype: jsonpath\ncondition: $[?$.state == 'done' && length($.items) > 0]",
        (Kind.CRITERION,), comparisons.filter_comparisons,
    ),
    Repair(
        "comparison-beside-query", "a comparison that no filter says is a simple condition",
        'context: $response.body\ntype: jsonpath\ncondition: $.state != "done"',
        "condition: $response.body#/state != 'done'",
        (Kind.CRITERION,), dialects.compare_simply,
    ),
    Repair(
        "braces-in-selector", "an expression within a query stands in braces",
        "{context: $steps.find.outputs.id, selector: \"$[?@.sku == '$inputs.token']\", type: jsonpath}",
        "{context: $steps.find.outputs.id, selector: \"$[?@.sku == '{$inputs.token}']\", type: jsonpath}",
        (Kind.SELECTOR,), queries.embed_in_selector,
    ),
    Repair(
        "braces-in-query", "an expression within a query stands in braces",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.sku == $inputs.item]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.sku == '{$inputs.item}']",
        (Kind.CRITERION,), queries.embed_in_criterion,
    ),
    Repair(
        "empty-list", "an empty list has no element to ask, and what it stands in has one",
        "context: $response.body#/items\ntype: jsonpath\ncondition: $.length == 0",
        "context: $response.body\ntype: jsonpath\ncondition: $[?length($.items) == 0]",
        (Kind.CRITERION,), comparisons.filter_above,
    ),
    Repair(
        "list-counted",
        "nothing can be selected in an empty list, and a condition of this engine alone counts elements by `length`",
        "context: $response.body\ntype: jsonpath\ncondition: $.length == 0",
        "condition: $response.body.length == 0\nx-arazzo-engine-condition: extended",
        (Kind.CRITERION,), dialects.count_simply, is_own=True,
    ),
    Repair(
        "whole-value", "the conditions of Arazzo have no literal for a whole value",
        'context: $response.body\ntype: simple\ncondition: \'{"id": 1, "tags": []}\'',
        'condition: \'$response.body == {"id": 1, "tags": []}\'\nx-arazzo-engine-condition: extended',
        (Kind.CRITERION,), wholes.compare_whole, is_own=True,
    ),
    Repair(
        "media-type", "a media type is compared without its parameters",
        "condition: $response.header.Content-Type == application/json",
        "condition: ^application/json\\s*(?:;|$)\ncontext: $response.header.Content-Type\ntype: regex",
        (Kind.CRITERION,), conditions.compare_media_type,
    ),
    Repair(
        "media-types", "media types are compared without the parameters that only one of them has",
        'condition: $statusCode == 200 && $response.header.Content-Type != "text/html"',
        "condition: $statusCode == 200 && $response.header.Content-Type != 'text/html'\n"
        "x-arazzo-engine-condition: extended",
        (Kind.CRITERION,), conditions.compare_media_types, is_own=True,
    ),
    Repair(
        "value-beside-condition", "a condition holds what it compares",
        "context: $statusCode\ncondition: ==\nvalue: 201", "condition: $statusCode == 201",
        (Kind.CRITERION,), conditions.add_value,
    ),
    Repair(
        "context-left-out", "a simple condition names what it compares",
        "context: $statusCode\ntype: simple\ncondition: '201'", "condition: $statusCode == 201",
        (Kind.CRITERION,), conditions.add_context,
    ),
    Repair(
        "string-quotes", "a string stands in single quotes",
        'condition: $response.body#/state == done || $response.body#/state == "ready"',
        "condition: $response.body#/state == 'done' || $response.body#/state == 'ready'",
        (Kind.CRITERION,), conditions.quote_strings,
    ),
    Repair(
        "type-without-context", "a simple condition without a `context` has no `type`",
        "condition: $statusCode == 201\ntype: simple", "condition: $statusCode == 201",
        (Kind.CRITERION,), conditions.drop_type,
    ),
    Repair(
        "reference-by-pointer", "a reusable object is named by an expression",
        "$ref: '#/components/parameters/item'", "reference: $components.parameters.item",
        (Kind.REUSABLE,), references.name_component,
    ),
    Repair(
        "context-expression", "the context is corrected as any other expression",
        "context: $response.body.items\ntype: jsonpath\ncondition: $[0]",
        "context: $response.body#/items\ntype: jsonpath\ncondition: $[0]",
        (Kind.CRITERION,), conditions.correct_context,
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
