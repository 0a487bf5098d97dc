"""What to write instead of a field that does not exist and of a value that has the wrong type, as tables.

Decides the words of a fix from what stands in the document: what other formats call a thing, and where it belongs in
this one. It finds no problem itself, and suggests no field that the object has already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import did_you_mean, likeliest
from arazzo_engine.language.expressions.grammar import is_expression
from arazzo_engine.language.fixed_fields import NOT_BESIDE, TARGETS
from arazzo_engine.language.reading.foreign_calls import (
    CALLS,
    DESCRIBE,
    body_of_request,
    instead_of_call,
    is_request,
    without_second_call,
)
from arazzo_engine.language.reading.other_formats.criteria import EXPECTED
from arazzo_engine.language.reading.other_formats.durations import seconds_in
from arazzo_engine.language.reading.other_formats.fields import OddField, in_flow, is_id, letters
from arazzo_engine.language.reading.other_formats.neighbours import GO_ON
from arazzo_engine.language.reading.other_formats.outputs import KEPT
from arazzo_engine.language.reading.other_formats.table import instead_of_field
from arazzo_engine.language.reading.ungoverned import instead_of_governing
from arazzo_engine.language.sent_languages import words_in
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arazzo_engine.documents.values import JsonValue

# what is longer is not shown in a fix
_LONGEST_SHOWN: Final = 200
_PARAMETER: Final = "write `{}` as entries of `parameters`, each with `name`, `in: {}` and `value`"
_PAYLOAD: Final = "write it as `requestBody: {payload: …}`"
_FORM: Final = "write it as `requestBody: {contentType: application/x-www-form-urlencoded, payload: …}`"
_BY_MEDIA_TYPE: Final = "write the media type as `contentType`, and what is sent as `payload`"
_OUTPUT: Final = "write it as `outputs: {<name>: $response.body#/<part>}`"
_RETRY: Final = "write an entry of `onFailure` with `type: retry`, `retryAfter` and `retryLimit`"
_GO_ON: Final = "write an entry of `onSuccess` with `type: goto` and `stepId`"
_DESCRIBED: Final = "remove `{}`: the API description says it"
_SERVED: Final = "remove it: the API description names the server, or `--server <source>=https://…` does"
_AUTHORIZED: Final = "remove it: the API description asks for the credential, and `--auth <source>.<scheme>=…` gives it"
_SKIP: Final = (
    "in the step before, write an entry of `onSuccess`: `{{name: skip, type: goto, stepId: <the step after this one>,"
    " criteria: [{{condition: {}}}]}}`"
)
# how a step is made by what has become of those before it, in words of a pipeline
_AFTER_ALL: Final = (
    "in the step before, write an entry at the end of `onFailure`: `{name: go-on, type: goto, stepId: <this step>}`"
)
_AFTER_FAILURE: Final = (
    "in the step before, write an entry of `onFailure`: `{name: on-failure, type: goto, stepId: <this step>}`, and one"
    " of `onSuccess` that goes past this step"
)
_BY_OUTCOME: Final = {
    **dict.fromkeys(("always()", "!cancelled()"), _AFTER_ALL),
    "failure()": _AFTER_FAILURE,
    "success()": "remove it: a step is made when the one before it has succeeded",
}
# whether each says when the step is made, or when it is not
_SKIPPING: Final = {
    **dict.fromkeys(("if", "when", "condition", "runif", "onlyif", "runwhen", "enabled"), False),
    **dict.fromkeys(("skipif", "unless", "skip", "skipwhen", "disabled"), True),
}
_LEFT_OUT: Final = (
    "remove the step; or, in the step before, write an entry of `onSuccess`: `{name: skip, type: goto, stepId: <the"
    " step after this one>}`"
)
_IN_BRACES: Final = lazy_pattern(r"\s*\$?\{\{\s*\$?(?P<rest>(?:steps|inputs)\.[^{}\n]*?)\s*\}\}\s*")
_ROOTS: Final = lazy_pattern(r"\b(?:steps|inputs)\.")
_OF_STEPS: Final = "write `{}` in each step that it is for"

_STEP: Final = {
    **{each: _PARAMETER.format(each, "header") for each in ("headers", "header")},
    **{each: _PARAMETER.format(each, "query") for each in ("query", "queryParameters", "queryParams")},
    **{each: _PARAMETER.format(each, "path") for each in ("path", "pathParameters", "pathParams")},
    **{each: _PARAMETER.format(each, "cookie") for each in ("cookies", "cookie")},
    **dict.fromkeys(("body", "payload", "json", "data", "request"), _PAYLOAD),
    **dict.fromkeys(("form", "formData"), _FORM),
    **dict.fromkeys(("retry", "retries", "retryLimit", "retryAfter", "maxRetries"), _RETRY),
    **dict.fromkeys(("goto", "next", "nextStep", "then"), _GO_ON),
    **{
        each: f"write `{each}` as entries of `parameters`, each with `name` and `value`, and with `in` for an operation"
        for each in ("inputs", "input", "with", "params", "args", "arguments")
    },
    **dict.fromkeys(
        (
            *("condition", "conditions", "criteria", "successCondition"),
            *("success", "successWhen", *EXPECTED),
        ),
        "write it as `successCriteria: [{condition: …}]`",
    ),
    **dict.fromkeys(("continueOnError", "ignoreErrors", "allowFailure"), GO_ON),
    **dict.fromkeys(
        ("contentType", "replacements"), "put it under `requestBody`, beside the `payload`"
    ),
    **dict.fromkeys(KEPT, _OUTPUT),
    **dict.fromkeys(("id", "name"), "write it as `stepId`, if the step has none"),
    **dict.fromkeys(("summary", "title"), "write it as `description`"),
    **dict.fromkeys(("server", "servers", "baseUrl"), _SERVED),
    **dict.fromkeys(("security", "auth"), _AUTHORIZED),
    "successActions": "write it as `onSuccess`: this is a step",
    "failureActions": "write it as `onFailure`: this is a step",
}  # fmt: skip
_WORKFLOW: Final = {
    **dict.fromkeys(("id", "name"), "write it as `workflowId`, if the workflow has none"),
    "title": "write it as `summary`",
    "onSuccess": "write it as `successActions`: this is a workflow",
    "onFailure": "write it as `failureActions`: this is a workflow",
    **{each: _OF_STEPS.format(each) for each in ("successCriteria", "requestBody", "timeout", "operationId")},
    **dict.fromkeys(("server", "servers", "baseUrl"), _SERVED),
    **dict.fromkeys(("security", "auth"), _AUTHORIZED),
    "sourceDescriptions": "move it to the top of the document, beside `workflows`",
    "components": "move it to the top of the document, beside `workflows`",
}
# the fields of other formats that say when an action is taken
SAYING_WHEN: Final = ("condition", "when", "if", "conditions", "conditionExpression", "expression", "guard")
_ACTION: Final = {
    **dict.fromkeys(("goto", "step", "target", "next"), "write it as `type: goto` and `stepId`"),
    "workflow": "write it as `type: goto` and `workflowId`",
    **dict.fromkeys(
        (
            "delay",
            "retryDelay",
            "retryInterval",
            "wait",
            "interval",
            "after",
            "intervalSeconds",
            "delaySeconds",
            "waitSeconds",
        ),
        "write it as `retryAfter`, in seconds",
    ),
    **dict.fromkeys(
        ("retries", "maxRetries", "limit", "count", "times", "retryCount"),
        "write it as `retryLimit`",
    ),
    **dict.fromkeys(("attempts", "maxAttempts"), "write it as `retryLimit`, which does not count the first attempt"),
    **dict.fromkeys(SAYING_WHEN, "write it as `criteria: [{condition: …}]`"),
    "action": "write it as `type`",
}
_CRITERION: Final = {
    **dict.fromkeys(("expression", "test", "assert"), "write it as `condition`"),
    **dict.fromkeys(
        ("value", "operator", "expected", "equals"), "write the whole comparison in `condition`: `$statusCode == 200`"
    ),
    "version": "write it in the type: `type: {type: …, version: …}`",
}
_ROOT: Final = {
    **dict.fromkeys(("steps", "inputs", "outputs", "workflowId"), "put it into an entry of `workflows`"),
    **dict.fromkeys(("title", "version", "description", "summary"), "put it under `info`"),
    **dict.fromkeys(
        ("sources", "apis"), "write it as `sourceDescriptions`: a list, each with `name`, `url` and `type`"
    ),
    "operations": DESCRIBE,
    **dict.fromkeys(("servers", "security", "paths"), "put it into the API description"),
    **dict.fromkeys(
        ("parameters", "successActions", "failureActions"), "put it under `components`, or into a workflow"
    ),
}
_PARAMETER_FIELDS: Final = {
    **dict.fromkeys(("location", "place"), "write it as `in`"),
    **dict.fromkeys(("default", "example"), "write it as `value`"),
    **{
        each: _DESCRIBED.format(each)
        for each in ("required", "schema", "description", "style", "explode", "content", "type", "allowReserved")
    },
}
_SOURCE: Final = {
    **dict.fromkeys(("path", "file", "location", "href", "uri"), "write it as `url`"),
    "id": "write it as `name`",
    "description": "remove it, or name it `x-description`",
}
_BODY: Final = {
    **dict.fromkeys(("body", "value", "data", "json", "example"), "write it as `payload`"),
    "content": _BY_MEDIA_TYPE,
    "mediaType": "write it as `contentType`",
    **dict.fromkeys(
        ("$ref", "reference"), "write the body itself, as `contentType` and `payload`: no component is a body"
    ),
    "required": _DESCRIBED.format("required"),
    "description": _DESCRIBED.format("description"),
    "schema": _DESCRIBED.format("schema"),
}
_REPLACEMENT: Final = {
    **dict.fromkeys(("path", "pointer", "jsonPointer", "name", "key"), "write it as `target`: `/the/place`"),
    "type": "write it as `targetSelectorType`",
}
_COMPONENTS: Final = {
    "schemas": "write them as `inputs`: the schemas of inputs that workflows refer to",
    **dict.fromkeys(("steps", "workflows", "outputs"), "put it into the workflow: it is no reusable object"),
}
_FIELDS: Final[dict[str, dict[str, str]]] = {
    "Arazzo Specification Object": _ROOT,
    "Source Description Object": _SOURCE,
    "Workflow Object": _WORKFLOW,
    "Step Object": _STEP,
    "Parameter Object": _PARAMETER_FIELDS,
    "Success Action Object": _ACTION,
    "Failure Action Object": _ACTION,
    "Criterion Object": _CRITERION,
    "Request Body Object": _BODY,
    "Payload Replacement Object": _REPLACEMENT,
    "Components Object": _COMPONENTS,
}
_RETRYING: Final = {"Step Object": _RETRY, "Workflow Object": _RETRY.replace("onFailure", "failureActions")}
# a name is the same in another case, and with other signs in it
_BY_LETTERS: Final = {owner: {letters(name): said for name, said in names.items()} for owner, names in _FIELDS.items()}

_GOALS: Final = ("stepId", "workflowId")
_OF_ACTIONS: Final = {each: tuple(other for other in _GOALS if other != each) for each in _GOALS}
# for each field of an object, those that it may not stand beside
_EXCLUDED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Step Object": {
        **{each: tuple(other for other in TARGETS if other != each) for each in TARGETS},
        **NOT_BESIDE,
    },
    "Success Action Object": _OF_ACTIONS,
    "Failure Action Object": _OF_ACTIONS,
}


def fix_field(owner: str, odd: OddField) -> str:
    """Return what to do with a field that an object of the specification does not have."""
    fix = _fix_field(owner, odd)
    return fix if odd.around is None else odd.around.in_own_names(fix)


def _fix_field(owner: str, odd: OddField) -> str:
    name, found, allowed = odd.name, odd.beside, odd.allowed
    if owner == "Step Object" and (in_step := _fix_in_step(name, found)):
        return in_step
    if meant := instead_of_field(owner, odd):
        return meant
    if known := _BY_LETTERS.get(owner, {}).get(letters(name)):
        return _with_value(known, found, name)
    if instead := instead_of_governing(owner, name, found) or _fix_retrying(owner, name, found):
        return instead
    free = [each for each in allowed if each not in found]
    if owner == "Request Body Object" and "payload" in free:
        of_type = _BY_MEDIA_TYPE if "/" in name else ""
        return of_type or did_you_mean(name, free) or f"put `{name}` under `payload`"
    likely = _fix_excluded(owner, name, free, found) or did_you_mean(name, free)
    return likely or f"remove `{name}`, or name it `x-{name}` if it is an extension"


def _fix_retrying(owner: str, name: str, found: Mapping[str, JsonValue]) -> str:
    """Return how a field that begins with the word is written: ``retryOnFail: true`` is no slip for ``onFailure``."""
    if owner not in _RETRYING or words_in(name)[:1] != ["retry"]:
        return ""
    return f"remove `{name}`: it is so without it" if found.get(name) in (False, 0, None) else _RETRYING[owner]


def _fix_excluded(owner: str, name: str, free: list[str], found: Mapping[str, object]) -> str:
    """Return what to do with a field whose right name is excluded by another field, empty where none excludes it."""
    meant = likeliest(name, free)
    beside = [each for each in _EXCLUDED.get(owner, {}).get(meant or "", ()) if each in found]
    if not beside:
        return ""
    return f"keep one: remove `{name}`, or remove {' and '.join(f'`{each}`' for each in beside)} and write `{meant}`"


def _fix_in_step(name: str, found: Mapping[str, JsonValue]) -> str:
    """Return what to do with a field of a step, where its value says it."""
    if _is_skipping(name, found.get(name)):
        return _fix_skipping(name, found.get(name))
    value = found.get(name)
    # of a step that names its operation, a method and a URL may be what is sent, where it is not called a request
    is_other = is_request(value) and (name == "request" or found.keys().isdisjoint(TARGETS))
    if name not in CALLS and not is_other:
        return ""
    return (without_second_call(name, found) or instead_of_call(value)) + body_of_request(value)


def _is_skipping(name: str, condition: JsonValue) -> bool:
    """Whether a field of a step says when it is made: what looks at the answer says when it has succeeded."""
    is_of_answer = isinstance(condition, str) and ("$response" in condition or "$statusCode" in condition)
    return letters(name) in _SKIPPING and not (name == "condition" and is_of_answer)


def _fix_skipping(name: str, condition: JsonValue) -> str:
    """Return how Arazzo says that a step is made only when something holds: the step before goes past it."""
    skips = _SKIPPING[letters(name)]
    if isinstance(condition, bool):
        return _LEFT_OUT if condition is skips else f"remove `{name}`: the step is made without it"
    word = "".join(condition.strip("${} ").split()) if isinstance(condition, str) else ""
    if word in _BY_OUTCOME and not skips:
        return _BY_OUTCOME[word]
    text = _as_written(condition) if isinstance(condition, str) else "…"
    return _SKIP.format(in_flow(text if skips else f"!({text})"))


def _as_written(condition: str) -> str:
    """Return a condition as Arazzo has it, out of the braces of templates where one expression is in them."""
    within = _IN_BRACES.fullmatch(condition)
    if within is not None:
        return f"${within['rest']}" if len(_ROOTS.findall(within["rest"])) == 1 else "…"
    return condition if condition.startswith("$") and not {"\n", "{"} & {*condition} else "…"


def _with_value(fix: str, found: Mapping[str, JsonValue], name: str) -> str:
    """Return a fix with what stands in the document in the place of `…`, where it fits there and is short."""
    value = found.get(name, None)
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    if texts and all(isinstance(each, str) and "$" in each for each in texts):
        entries = ", ".join(f"{{condition: {in_flow(each)}}}" for each in texts)
        fix = fix.replace("[{condition: …}]", f"[{entries}]")
    if isinstance(found.get("type"), str):
        fix = fix.replace("{type: …", f"{{type: {in_flow(found['type'])}")
    if value is not None and len(shown := in_flow(value)) <= _LONGEST_SHOWN:
        fix = fix.replace("payload: …", f"payload: {shown}").replace("version: …", f"version: {shown}")
    return fix


def fix_missing(owner: str, name: str, found: Mapping[str, JsonValue]) -> str:
    """Return how a field that must be there is added: the type of an action follows from its other fields."""
    if name != "type" or owner not in {"Success Action Object", "Failure Action Object"}:
        return f"add `{name}`"
    if owner == "Failure Action Object" and not {"retryAfter", "retryLimit"}.isdisjoint(found):
        return "add `type: retry`"
    if not {"stepId", "workflowId"}.isdisjoint(found):
        return "add `type: goto`"
    return "add `type: end`, or `type: goto` with the `stepId` of where it leads"


# what an output of a step is, and one of a workflow
OF_STEP_OUTPUT: Final = "$response.body#/<part>"
OF_WORKFLOW_OUTPUT: Final = "$steps.<stepId>.outputs.<name>"
_LAST_NAME: Final = lazy_pattern(r"(?:^|[./#$])(?P<name>[A-Za-z_][\w\-]*)$")
_NUMBER: Final = lazy_pattern(r"\s*-?(?:0|[1-9]\d*)(?:\.\d+)?\s*")
_ENTRIES: Final = {
    "parameters": "`- name: …`, `in: …` and `value: …`",
    "steps": "`- stepId: …` and what it calls",
    "workflows": "`- workflowId: …` and its `steps`",
    "sourceDescriptions": "`- name: …`, `url: …` and `type: openapi`",
    "successCriteria": "`- condition: …`",
    "criteria": "`- condition: …`",
    "replacements": "`- target: /…` and `value: …`",
    **dict.fromkeys(("onSuccess", "successActions"), "`- name: …` and `type: goto` or `end`"),
    **dict.fromkeys(("onFailure", "failureActions"), "`- name: …` and `type: retry`, `goto` or `end`"),
}


def fix_type(what: str, wanted: str, found: JsonValue) -> str:
    """Return how a field, or an entry of a list, is written with a value of the type that it must have."""
    if found is None:
        return "give it a value, or remove it"
    write = _WANTED.get(wanted)
    return "" if write is None else write(what.strip("`"), found)


def _as_number(what: str, found: JsonValue) -> str:
    if not isinstance(found, str):
        return "give one number" if isinstance(found, list | dict) else "write a number"
    if (seconds := seconds_in(found)) is not None:
        # `timeout`: "The maximum number of milli-seconds to wait"; `retryAfter`: "the seconds to delay"
        number, of = (seconds * 1000, "milliseconds") if what == "timeout" else (seconds, "seconds")
        return f"write `{number:g}`: it is a number of {of}"
    if _NUMBER.fullmatch(found):
        return f"write `{found.strip()}`, without quotes"
    if what == "retryLimit" and found.strip().casefold() in _ENDLESS:
        return "write a whole number: nothing is tried again without end"
    if not is_expression(found):
        return "write a number"
    obeyed = "; the `Retry-After` of an answer is obeyed before it" if what == "retryAfter" else ""
    return f"write the number itself: an expression is not evaluated here{obeyed}"


_ENDLESS: Final = frozenset({"unlimited", "infinite", "infinity", "inf", "forever", "always", "none", "max"})


def _as_integer(what: str, found: JsonValue) -> str:
    return "write a whole number" if isinstance(found, float) else _as_number(what, found)


def _as_text(_what: str, found: JsonValue) -> str:
    if isinstance(found, bool):
        return f"put it in quotes: `'{str(found).lower()}'`"
    if isinstance(found, int | float):
        return f"put it in quotes: `'{found}'`"
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], str):
        return f"write `{found[0]}`, without the list"
    return "write one text"


def _as_list(what: str, found: JsonValue) -> str:
    if what in _ENTRIES:
        is_condition = "condition" in _ENTRIES[what] and isinstance(found, str)
        return f"write a list, each entry {f'`- condition: {found}`' if is_condition else _ENTRIES[what]}"
    return f"write `[{found}]`" if isinstance(found, str) else "write a list"


def _as_object(what: str, found: JsonValue) -> str:
    name = what.removeprefix("the ")
    if isinstance(found, str) and found.startswith("$components."):
        return f"write `- reference: {found}`"
    if name == "Criterion Object" and isinstance(found, str):
        return f"write `- condition: {found}`"
    if name == "outputs":
        return f"write {_as_outputs(found)}"
    return _OBJECTS.get(name, "write a mapping of names to values")


def _as_outputs(found: JsonValue) -> str:
    """Return outputs as a mapping: of expressions by their last names, and of names that are to have an expression."""
    given = found if isinstance(found, list) else [found]
    texts = [each for each in given if isinstance(each, str)]
    named = {match["name"]: text for text in texts if is_expression(text) and (match := _LAST_NAME.search(text))}
    if named and len(named) == len(given):
        return f"`{in_flow(dict(named))}`"
    # a text alone is rather a value than a name
    is_name = isinstance(found, list) and len(given) == 1 and is_id(given[0])
    return f"a mapping: `{given[0] if is_name else '<name>'}: {OF_STEP_OUTPUT}`"


_OBJECTS: Final = {
    "Parameter Object": "write `name: …`, `in: …` and `value: …`",
    "Success Action Object": "write `name: …` and `type: goto` or `end`",
    "Failure Action Object": "write `name: …` and `type: retry`, `goto` or `end`",
    "Step Object": "write `stepId: …` and what the step calls, such as `operationId: …`",
    "Workflow Object": "write `workflowId: …` and `steps: …`",
    "Source Description Object": "write `name: …`, `url: …` and `type: openapi`",
    "Info Object": "write `title: …` and `version: …`",
    "Criterion Object": "write `- condition: …`",
    "Payload Replacement Object": "write `target: /…` and `value: …`",
    "Expression Type Object": "write `type: …` and `version: …`",
    "Request Body Object": "put it under `payload`",
}


def _as_properties(found: JsonValue) -> str:
    """Return the properties of inputs that are but their names."""
    names = found if isinstance(found, list) and all(map(is_id, found)) else []
    return in_flow({str(name): {"type": "string"} for name in names}) if names else "{<name>: {type: string}}"


_WANTED: Final[dict[str, Callable[[str, JsonValue], str]]] = {
    "a number": _as_number,
    "an integer": _as_integer,
    "a string": _as_text,
    "a list": _as_list,
    "an object": _as_object,
    "a JSON Schema": lambda _what, found: f"write `type: object` and `properties: {_as_properties(found)}`",
    "a runtime expression": lambda _what, _found: "write an expression such as `$response.body#/id`",
}
