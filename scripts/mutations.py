"""Documents that are almost right: values, names and texts of real ones changed at random, by what their grammars know.

Decides what a change is; what becomes of a changed document is for others to see. The same seed changes the same.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

# what stands where something else is expected
_VALUES: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        1.5,
        10**30,
        1e308,
        "",
        " ",
        "x",
        "a\nb",
        "\u0000",
        "\ud800",
        "é",
        "🙂",
        [],
        {},
        [None],
    ),
    *(
        [[]],
        {"": None},
        {"x": {}},
        [1, "a", None],
        "$",
        "$.",
        "{",
        "}",
        "{$}",
        "{}",
        "..",
        "/",
        "~",
        "~2",
        "#",
        "#/",
        "%",
        "%zz",
    ),
)
_EXPRESSIONS: Final = (
    *("$url", "$method", "$statusCode", "$request.header.x", "$request.body", "$request.body#/a/0", "$request.path.id"),
    *("$response.header.ETag", "$response.body", "$response.body#/", "$response.body#/id", "$response.body#/~2"),
    *("$inputs", "$inputs.x", "$inputs.token", "$inputs.item#/a", "$outputs.x", "$steps.find.outputs.id", "$steps.a"),
    *("$steps.find.outputs.price#/x", "$workflows.order.outputs.receipt", "$workflows.order.inputs.item", "$self"),
    *("$sourceDescriptions.shopApi.url", "$sourceDescriptions.x", "$components.parameters.x", "$nothing", "$steps..x"),
    *(
        "{$inputs.item}",
        "a{$inputs.item}b{$statusCode}",
        "{$steps.find.outputs.id",
        "{$response.body#/a}}",
        "$request.query.q",
    ),
    *("$message.payload", "$response.query.x", "$inputs.", "$inputs.a.b.c", "$response.body.a.b"),
)
_CONDITIONS: Final = (
    *(
        "$statusCode == 200",
        "$statusCode = 200",
        "$response.body#/a > 'x'",
        "!$inputs.x",
        "(1 == 1",
        "$.a[?@.b > 1]",
        "$[*]",
    ),
    *(
        "//a[1]",
        "^x+$",
        "(a+)+$",
        "[",
        "1 == 1 && 2 == 3 || !(4 < 5)",
        "$response.body.a[0].b == null",
        "'it''s' == \"x\"",
        "&&",
    ),
    *(
        "$response.header.x == '1.0'",
        "$.a[(@.length-1)]",
        "$..a",
        "count(//x) > 1",
        "/a/i",
        "\\d{1,99999}",
        "$[?match(@.a, 'x')]",
    ),
)
_NAMES: Final = (
    *(
        "in",
        "name",
        "value",
        "reference",
        "type",
        "context",
        "condition",
        "version",
        "stepId",
        "workflowId",
        "operationId",
    ),
    *(
        "operationPath",
        "channelPath",
        "onSuccess",
        "onFailure",
        "outputs",
        "inputs",
        "parameters",
        "requestBody",
        "payload",
    ),
    *(
        "replacements",
        "target",
        "retryAfter",
        "retryLimit",
        "criteria",
        "successCriteria",
        "dependsOn",
        "timeout",
        "$self",
    ),
    *(
        "selector",
        "components",
        "x-y",
        "$ref",
        "schema",
        "content",
        "style",
        "explode",
        "security",
        "servers",
        "url",
        "required",
    ),
    *(
        "properties",
        "items",
        "allOf",
        "anyOf",
        "format",
        "pattern",
        "enum",
        "default",
        "example",
        "examples",
        "encoding",
        "",
    ),
)
_WORDS: Final = (
    *(
        "header",
        "heder",
        "query",
        "path",
        "cookie",
        "querystring",
        "body",
        "goto",
        "retry",
        "end",
        "simple",
        "regex",
        "jsonpath",
    ),
    *(
        "xpath",
        "jsonpointer",
        "rfc9535",
        "xpath-10",
        "openapi",
        "arazzo",
        "asyncapi",
        "1.0.1",
        "1.1.0",
        "9.9.9",
        "application/json",
    ),
    *(
        "multipart/form-data",
        "application/xml",
        "text/event-stream",
        "form",
        "deepObject",
        "matrix",
        "find",
        "charge",
        "order",
    ),
)


def mutate(value: Any, chance: Random, times: int) -> Any:
    """Return a copy of a JSON value with so many changes."""
    changed = copy.deepcopy(value)
    for _ in range(times):
        places = list(_places(changed))
        if not places:
            return changed
        holder, key = chance.choice(places)
        chance.choice(_CHANGES)(holder, key, chance)
    return changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a value: what holds it, and its name or number there."""
    members: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield value, key
        yield from _places(member)


def _drop(holder: Any, key: Any, _chance: Random) -> None:
    del holder[key]


def _put_a_value(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = copy.deepcopy(chance.choice(_VALUES))


def _put_a_text(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = chance.choice(chance.choice((_EXPRESSIONS, _CONDITIONS, _WORDS)))


def _wrap(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = [holder[key]] if chance.random() < 0.5 else {chance.choice(_NAMES): holder[key]}


def _rename(holder: Any, key: Any, chance: Random) -> None:
    if isinstance(holder, dict):
        holder[chance.choice(_NAMES)] = holder.pop(key)


def _add(holder: Any, _key: Any, chance: Random) -> None:
    value = copy.deepcopy(chance.choice((*_VALUES, *_EXPRESSIONS, *_CONDITIONS, *_WORDS)))
    if isinstance(holder, dict):
        holder[chance.choice(_NAMES)] = value
    else:
        holder.insert(chance.randrange(len(holder) + 1), value)


def _repeat(holder: Any, key: Any, chance: Random) -> None:
    if isinstance(holder, list):
        holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(holder[key]))


def _exchange(holder: Any, key: Any, chance: Random) -> None:
    other = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


def _change_a_character(holder: Any, key: Any, chance: Random) -> None:
    text = holder[key]
    if isinstance(text, str) and text:
        at = chance.randrange(len(text))
        holder[key] = (
            text[:at] + chance.choice(("", text[at] * 2, "$", "{", "}", "#", "/", ".", "'", " ")) + text[at + 1 :]
        )


_CHANGES: Final[tuple[Callable[[Any, Any, Random], None], ...]] = (
    *(_drop, _put_a_value, _put_a_text, _put_a_text, _wrap, _rename, _add, _repeat, _exchange),
    *(_change_a_character, _change_a_character),
)
