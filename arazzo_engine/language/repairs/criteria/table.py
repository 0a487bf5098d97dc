"""The rows of criteria, in the order in which they are made: each looks at what those before it write.

Each has an example, which the page of repairs shows and a test carries out.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.repairs import whole_objects
from arazzo_engine.language.repairs.criteria import (
    comparisons,
    conditions,
    contexts,
    dialects,
    operators,
    patterns,
    queries,
    query_strings,
    references_in,
    wholes,
)
from arazzo_engine.language.repairs.rows import Repair
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.values import space

CRITERIA: Final[tuple[Repair, ...]] = (
    Repair(
        "space-around-context", space.NO_SPACE,
        "context: '$response.body '\ntype: regex\ncondition: ok", "context: $response.body\ntype: regex\ncondition: ok",
        (Kind.CRITERION,), space.around_context,
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
        "own-output-of-action", "`$outputs` are those of a workflow that is called, and the step itself has this one",
        "condition: $outputs.page != null", "condition: $steps.own.outputs.page != null",
        (Kind.CRITERION,), references_in.name_own_outputs,
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
        "sign-left-out-in-condition", "an expression begins with `$`",
        "condition: inputs.token == 'a'", "condition: $inputs.token == 'a'",
        (Kind.CRITERION,), dialects.add_sign,
    ),
    Repair(
        "case-of-texts", "texts are compared whatever their case",
        "condition: $response.body.state.toLowerCase() == 'done'", "condition: $response.body.state == 'done'",
        (Kind.CRITERION,), dialects.drop_case,
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
        "delimited-pattern", "a pattern has no delimiters around it",
        "context: $statusCode\ntype: regex\ncondition: /^2\\d\\d$/",
        "context: $statusCode\ntype: regex\ncondition: ^2\\d\\d$",
        (Kind.CRITERION,), patterns.drop_delimiters,
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
        "one-of-a-list", "each value is compared by itself",
        "condition: $statusCode in [200, 201]", "condition: $statusCode == 200 || $statusCode == 201",
        (Kind.CRITERION,), dialects.compare_each,
    ),
    Repair(
        "query-without-context", "a query is asked of its context",
        "type: jsonpath\ncondition: $response.body.items[0]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[0]",
        (Kind.CRITERION,), contexts.name_context,
    ),
    Repair(
        "query-without-type", "a condition that begins with a part of its context is a JSONPath",
        "context: $response.body\ncondition: $.items[0]",
        "context: $response.body\ncondition: $.items[0]\ntype: jsonpath",
        (Kind.CRITERION,), contexts.name_type,
    ),
    Repair(
        "operator-in-filter",
        "the operators of a JSONPath are `==`, `!=`, `&&` and `||`, and each value is compared by itself",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?(@.id === 1 and @.kind in ['a', 'b'])]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?(@.id == 1 && (@.kind == 'a' || @.kind == 'b'))]",
        (Kind.CRITERION,), operators.write_operators,
    ),
    Repair(
        "quotes-in-query", "a text that is compared stands in quotes",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == No such thing]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[?@.state == 'No such thing']",
        (Kind.CRITERION,), query_strings.quote_in_criterion,
    ),
    Repair(
        "dot-before-bracket", "in a JSONPath, a dot stands before a name",
        "context: $response.body\ntype: jsonpath\ncondition: $.items.[0]",
        "context: $response.body\ntype: jsonpath\ncondition: $.items[0]",
        (Kind.CRITERION,), queries.drop_dot,
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
        (Kind.CRITERION,), contexts.compare_simply,
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
        (Kind.CRITERION,), contexts.count_simply, is_own=True,
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
        "context-expression", "the context is corrected as any other expression",
        "context: $response.body.items\ntype: jsonpath\ncondition: $[0]",
        "context: $response.body#/items\ntype: jsonpath\ncondition: $[0]",
        (Kind.CRITERION,), conditions.correct_context,
    ),
)  # fmt: skip
