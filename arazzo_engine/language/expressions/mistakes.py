"""What to write instead of a text that is no runtime expression: other query languages, misspelt parts, accessors.

Decides the words of a fix from the text alone. It never changes an expression, and suggests nothing that the grammar
would refuse as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import likeliest
from arazzo_engine.documents.pointers import render_pointer
from arazzo_engine.language.expressions.computations import NO_CALL, instead_of_computing, instead_of_whole
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_IDENTIFIER: Final = r"[A-Za-z0-9.\-_]+"
_MESSAGE_PARTS: Final = ("header", "query", "path", "body", "payload")
# the choices for a part of an expression, and which part it is
_CHOICES: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "$request": (_MESSAGE_PARTS, 1),
    "$response": (_MESSAGE_PARTS, 1),
    "$message": (_MESSAGE_PARTS, 1),
    "$steps": (("outputs",), 2),
    "$workflows": (("inputs", "outputs"), 2),
    "$components": (("parameters", "successActions", "failureActions", "inputs"), 1),
}
# `[:a]`, a name in brackets as Ruby has it
_SYMBOL: Final = lazy_pattern(r"\[:([A-Za-z_]\w*)\]")
# `.a[0]['b']`: parts that a JSON Pointer can name
_ACCESSORS: Final = lazy_pattern(r"(?:\.[\w\-$@]+|\[\d+\]|\['[^'\]]*'\]|\[\"[^\"\]]*\"\])+")
# without brackets, `size` and `count` are what many APIs call a member
_LENGTH: Final = lazy_pattern(r"(?:\.|#/|/)(?:length(?:\(\))?|(?:size|count)\(\))$")
# what is called of a value, which may stand before it
_METHOD: Final = lazy_pattern(r"(?:\.\w+|^)\([^()]*\)$")
# a value with accessors after it
_BASE: Final = lazy_pattern(
    r"(\$(?:request\.body|response\.body|message\.payload|(?:inputs|outputs|(?:steps|workflows)\.[\w\-]+\.\w+)\.[\w\-]+))"
    r"([.\[].*)"
)
# what a value can never be followed by: it is a comparison, or another language's choice of two
_COMPARED: Final = lazy_pattern(r"\s*(?:===?|!==?|[<>]=?)\s*\S|\s+(?:contains|matches|in)\s")
_BRACKETS: Final = lazy_pattern(r"\[[^\]]*\]")
_OF_STEP: Final = lazy_pattern(
    r"\$steps\.(?P<step>[\w\-]+)\.(?P<message>(?:response|request)\.(?:body|header)|body|json|response\.json|statusCode"
    r"|response\.status(?:Code|_code)?)(?P<rest>(?:[.\[]|#/).*)?"
)
_BODIES: Final = frozenset({"body", "json", "response.json"})
# where other tools have what a step keeps
KEPT_WORDS: Final = (
    r"captures?|captured|saved?|extract(?:s|ed)?|exports?|exported|registers?|vars?|variables|returns?|stored?"
)
_KEPT: Final = lazy_pattern(rf"\$steps\.(?P<step>[\w\-]+)\.(?:{KEPT_WORDS})\.(?P<name>[\w\-]+)")
_WITHOUT_ID: Final = lazy_pattern(
    r"\$workflows?(?:\.|_?(?=[iIoO]))(?P<part>[iI]nputs|[oO]utputs|steps(?=\.[\w\-]+\.outputs\.))\.(?P<rest>.+)"
)
# a function of JavaScript, such as `.map(item => item.id)`
_CALL: Final = lazy_pattern(r"(\$[^()\s]+?)\.(?:map|filter|find|join|slice|reduce|flatMap|forEach)\(.*\).*", re.DOTALL)
_EMBEDDED: Final = lazy_pattern(r"\$\{\s*\$?(\w+)((?:[^\w\s{}][^\s{}]*)?)\s*\}")
# what other languages call a body, and the parameters of a request
_OTHER_BODY: Final = lazy_pattern(r"\$response\.(json|data|content|result)((?:[.\[][\w\-\].]+)+)")
_OTHER_PART: Final = lazy_pattern(
    r"\$request\.(?:params|queryParams|queryParameters|pathParams|pathParameters)\.[\w\-]+"
)
_BODY_WITHOUT_DOT: Final = lazy_pattern(r"_?[bB]ody(?P<parts>[.\[].+)")
_OF_SEVERAL: Final = lazy_pattern(r"(\$(?:request\.(?:query|path|header)|response\.header))s?")
# what no expression gives: how long an answer took
TIMEOUT: Final = "for how long a step may take, write its `timeout`, in milliseconds, which exists since Arazzo 1.1.0"
# what an answer does not have
_OF_NO_ANSWER: Final = (
    (
        lazy_pattern(r"\$response\.(?:response_?)?(?i:time|duration|elapsed|latency)(?:_?(?i:ms))?$"),
        TIMEOUT,
    ),
    (
        lazy_pattern(r"\$response\.(?:ok|is_?(?:ok|OK|[sS]uccess(?:ful)?))\b"),
        "an answer has a `$statusCode`: write `$statusCode >= 200 && $statusCode < 300` as the condition",
    ),
    (
        lazy_pattern(r"\$response\.(?:statusText|status_text|statusMessage|reason(?:_?[pP]hrase)?)$"),
        "write `$statusCode`: the words beside it are not read",
    ),
    (lazy_pattern(r"\$response\.(?:text\(\)|raw_?[bB]ody|bodyAsString|body_text)$"), "write `$response.body`"),
    (
        lazy_pattern(r"\$response\.(?:cookies?|redirected)\b"),
        "of an answer there are its `$statusCode`, its headers and its body: `$response.header.Set-Cookie`",
    ),
)
# how an answer is described
_OF_SCHEMA: Final = lazy_pattern(r"\$response\.schema(?P<parts>[.\[].+)?")
STATUSES: Final = ("$response.status", "$response.statusCode", "$response.code")
_COMPONENT: Final = lazy_pattern(r"#/components/(\w+)/([A-Za-z0-9.\-_]+)")
_SELECTOR: Final = "`{{context: {}, selector: '{}', type: jsonpath}}`"
_MESSAGE_NAMES: Final = {"$request": "$request.body", "$response": "$response.body", "$message": "$message.payload"}
# the fields of a workflow, which no expression gives
_OF_WORKFLOW: Final = frozenset(
    {"workflowId", "summary", "description", "dependsOn", "steps", "successActions", "failureActions", "parameters"}
)
_BEFORE: Final = {"$inputs": "$inputs.<name>", "$outputs": "$steps.<stepId>.outputs.<name>"}


def fix_beginning(text: str, roots: Iterable[str]) -> str:
    """Return what to write instead of a text that begins with no word of an expression."""
    if component := _COMPONENT.fullmatch(text):
        return f"write `$components.{component[1]}.{component[2]}`"
    if re.match(r"\$(?:[.\[]|$)", text):
        pointer = as_pointer(text[1:])
        instead = f"write `$response.body#{pointer}`, or " if pointer else ""
        return f"`{text}` is a JSONPath: {instead}give it `context: $response.body` and `type: jsonpath`"
    if f"${text.partition('.')[0]}" in roots:
        return f"write `${text}`"
    # `${…}` is how shells and templates embed a value
    if (embedded := _EMBEDDED.fullmatch(text)) and f"${embedded[1]}" in roots:
        meant = f"${embedded[1]}{embedded[2]}"
        return _fix_message(meant, f"${embedded[1]}") if meant in STATUSES else f"write `{meant}`"
    return f"begin with one of {', '.join(f'`{root}`' for root in roots)}"


def fix_rest(text: str, start: int) -> str:
    """Return what to write instead of an expression that goes on as none can, after what could have been one."""
    before, rest = text[:start], text[start:]
    if call := _CALL.fullmatch(text):
        return f"an expression calls nothing: use `{call[1]}`, or select a part of it by a Selector Object"
    # what is compared within brackets is a filter
    bare = _BRACKETS.sub(lambda found: "_" * len(found[0]), rest)
    compared = _COMPARED.search(bare)
    if compared and "?" not in bare:
        return f"a value is no condition: compare `{before}{rest[: compared.start()].rstrip()}` in a criterion"
    return instead_of_whole(text) or instead_of_computing(bare) or _fix_accessors(before, rest)


def _fix_accessors(before: str, rest: str) -> str:
    if is_length(rest):
        return length_instead(before + _LENGTH.sub("", rest))
    if _METHOD.search(rest):
        return NO_CALL
    if pointer := as_pointer(rest) or (rest if re.match(r"/[\w\-]", rest) else ""):
        answered = f"$response.body#/{before.removeprefix('$outputs.')}{pointer}"
        of_answer = f" for an output of the workflow that the step calls, or `{answered}` for its answer"
        return f"write `{before}#{pointer}`{of_answer if before.startswith('$outputs.') else ''}"
    if rest[0] in ".[":
        # `#` is how gjson names every element
        query = f"${re.sub(r'[.]#(?=[.]|$)', '[*]', rest)}".replace("'", '"')
        return f"a JSON Pointer names one place; write {_SELECTOR.format(before, query)} to select several"
    return f"use `{before}`"


# what is referred to stands in a Reusable Object, and no expression gives a value of it
_OF_COMPONENTS: Final = "write the value itself, or give it as an input: a component is no value"


def fix_names(text: str, root: str, example: str) -> str:
    """Return what to write instead of an expression whose names are none, after a root that is one."""
    if root == "$components" or text[len(root) :].startswith("["):
        of_component = root == "$components" and (_fix_part(text, root) or _OF_COMPONENTS)
        return of_component or _fix_brackets(text, root) or f"write `{example}`"
    if step := re.fullmatch(r"\$steps\.([\w\-]+)(?:\.outputs)?", text):
        # all outputs of a step are read as such where it has any
        return f"write `$steps.{step[1]}.outputs.<name>`, and give step `{step[1]}` an output of that name"
    if source := re.fullmatch(r"\$sourceDescriptions\.([\w\-]+)(?:[#/].*)?", text):
        named = f"$sourceDescriptions.{source[1]}"
        return f"write `{named}.<id>` where a workflow or an operation is named, and `{named}.url` for where it is"
    if of_step := _OF_STEP.fullmatch(text):
        return _fix_step(of_step)
    return (
        next((said for absent, said in _OF_NO_ANSWER if absent.match(text)), "")
        or _fix_schema(text)
        or _fix_several(text)
        or _fix_kept(text)
        or _fix_part(text, root)
        or _fix_message(text, root)
        or _fix_workflow(text)
        or f"write `{example}`"
    )


def _fix_schema(text: str) -> str:
    """Return the fix for a part of the schema of an answer: of what came, the value is there."""
    match = _OF_SCHEMA.fullmatch(text)
    if match is None:
        return ""
    pointer = as_pointer((match["parts"] or "").replace(".properties.", "."))
    value = f"`$response.body#{pointer}`" if pointer else "`$response.body`"
    return f"no expression gives a schema: the value that came is {value}"


def _fix_kept(text: str) -> str:
    """Return the fix for what a step keeps by another word than `outputs`: `captures`, `saved`."""
    match = _KEPT.fullmatch(text)
    if match is None:
        return ""
    step, name = match["step"], match["name"]
    return f"write `$steps.{step}.outputs.{name}`, and have `{name}` among the `outputs` of step `{step}`"


def _fix_several(text: str) -> str:
    """Return the fix for all headers or parameters of a message, of which an expression names one."""
    several = _OF_SEVERAL.fullmatch(text)
    return "" if several is None else f"write `{several[1]}.<name>`: each is named by itself"


def fix_without_id(text: str) -> str:
    """Return the fix for a part of a workflow whose id is left out; empty when no part is named."""
    match = _WITHOUT_ID.fullmatch(text)
    if match is None:
        return ""
    part = f"{match['part'].lower()}.{match['rest']}"
    if match["part"].lower() != "outputs":
        return f"write `${part}`"
    return f"write `${part}` for an output of the workflow that the step calls, or `$workflows.<workflowId>.{part}`"


def _fix_workflow(text: str) -> str:
    """Return the fix for a part of a workflow that is neither its inputs nor its outputs."""
    if fix := fix_without_id(text):
        return fix
    named = re.fullmatch(r"(\$workflows\.[\w\-]+)\.([\w\-]+)", text)
    if named is None:
        return ""
    if named[2] in _OF_WORKFLOW:
        return f"write the text itself: an expression names its inputs and `{named[1]}.outputs.<name>` alone"
    return f"write `{named[1]}.outputs.{named[2]}`"


def _fix_step(match: re.Match[str]) -> str:
    """Say how a part of what another step sent or got is given to a later one: by an output of that step."""
    step, message, rest = match["step"], match["message"], match["rest"] or ""
    value, pointer = _of_message(match)
    name = re.sub(r"[^A-Za-z0-9_\-]", "", (pointer or rest or message).rpartition("/")[2].rpartition(".")[2]) or "value"
    written = f"{value}#{pointer}" if pointer else f"{value}{rest}"
    return f"add `{name}: {written}` to the `outputs` of step `{step}`, and write `$steps.{step}.outputs.{name}`"


def _of_message(match: re.Match[str]) -> tuple[str, str]:
    message, rest = match["message"], match["rest"] or ""
    value = "$response.body" if message in _BODIES else "$statusCode" if "status" in message else f"${message}"
    if not value.endswith(".body"):
        return value, ""
    return value, rest[1:] if rest.startswith("#/") else as_pointer(rest)


def message_of_step(text: str) -> tuple[str, str] | None:
    """Return the step and the expression of its own that a text names of what the step sent or got.

    >>> message_of_step("$steps.find.response.body.items[0].id"), message_of_step("$steps.find.outputs.id")
    (('find', '$response.body#/items/0/id'), None)
    """
    match = _OF_STEP.fullmatch(text)
    if match is None:
        return None
    value, pointer = _of_message(match)
    return match["step"], f"{value}#{pointer}" if pointer else f"{value}{match['rest'] or ''}"


def as_pointer(rest: str) -> str:
    """Return the JSON Pointer that accessors such as ``.a[0].b`` mean, an empty one when they mean none.

    >>> as_pointer(".a[0].b"), as_pointer("[:a]['b']"), as_pointer("[*].b")
    ('/a/0/b', '/a/b', '')
    """
    rest = _SYMBOL.sub(r".\1", rest)
    return render_pointer(re.findall(r"[^.\[\]'\"]+", rest)) if _ACCESSORS.fullmatch(rest) else ""


def is_length(text: str) -> bool:
    """Whether a text ends in a member that looks like the number of elements."""
    return _LENGTH.search(text) is not None


def length_instead(text: str) -> str:
    """Return how to say the number of elements of what an expression names, which no expression gives."""
    base, _, pointer = text.partition("#")
    if found := _BASE.fullmatch(base):
        base, pointer = found[1], as_pointer(found[2])
    path = "$" + "".join(f"[{each}]" if each.isdecimal() else f".{each}" for each in pointer.split("/")[1:])
    example = f"`context: {base}`, `type: jsonpath`, `condition: $[?length({path}) > 0]`"
    return f"an expression cannot count: as a criterion, write {example}"


def _fix_brackets(text: str, root: str) -> str:
    rest = text[len(root) :]
    quoted = re.match(r"\[['\"]([\w.\-]+)['\"]\]", rest)
    if quoted and root in _BEFORE:
        return f"write `{root}.{quoted[1]}{rest[quoted.end() :]}`"
    pointer = as_pointer(rest)
    if root in _MESSAGE_NAMES and pointer:
        return f"write `{_MESSAGE_NAMES[root]}#{pointer}`"
    if root in _BEFORE and pointer:
        return f"`{root}` are named, not numbered: write `{_BEFORE[root]}#{pointer}`"
    return ""


def _fix_part(text: str, root: str) -> str:
    """Return the fix for a misspelt part, when one part is nearly right."""
    parts = text.split(".")
    choices, index = _CHOICES.get(root, ((), 1))
    if len(parts) <= index:
        return ""
    if root == "$steps" and len(parts) == 3 and parts[2] != "outputs" and re.fullmatch(_IDENTIFIER, parts[2]):  # noqa: PLR2004 - root, step, name
        return _fix_output(parts[1], parts[2])
    word = re.match(r"[A-Za-z]*", parts[index])
    misspelt = "" if word is None else word[0]
    closest = likeliest(misspelt, choices)
    if closest in {None, misspelt}:
        return ""
    parts[index] = f"{closest}" + parts[index][len(misspelt) :]
    return f"did you mean `{'.'.join(parts)}`?"


def _fix_output(step: str, name: str) -> str:
    """Return the fix for a name right behind a step: of its outputs, or of its answer, which an output gives."""
    add = f"`{name}: $response.body#/{name}`"
    return f"write `$steps.{step}.outputs.{name}`, and add {add} to the `outputs` of step `{step}` if none is called so"


def as_part_of_body(root: str, rest: str) -> str:
    """Return the part of a body that is named without a dot before it; empty when none is.

    >>> as_part_of_body("$response", "Body.items[0]"), as_part_of_body("$response", "Header.ETag")
    ('$response.body#/items/0', '')
    """
    body = _BODY_WITHOUT_DOT.fullmatch(rest) if root in _MESSAGE_NAMES else None
    pointer = "" if body is None else as_pointer(body["parts"])
    return f"{_MESSAGE_NAMES[root]}#{pointer}" if pointer else ""


def _fix_message(text: str, root: str) -> str:
    """Return the fix for a member of a body that is named without the body."""
    if text in STATUSES:
        return "write `$statusCode`"
    if _OTHER_PART.fullmatch(text):
        part, _, name = text[len(root) + 1 :].partition(".")
        return f"write `{root}.{'path' if part.startswith('path') else 'query'}.{name}`"
    if body := _OTHER_BODY.fullmatch(text):
        whole, of_member = (
            f"`$response.body#{as_pointer(body[2])}`",
            f"`$response.body#{as_pointer(f'.{body[1]}{body[2]}')}`",
        )
        return f"write {whole}, or {of_member} where the body has a member `{body[1]}`"
    pointer = as_pointer(text[len(root) :])
    return f"write `{_MESSAGE_NAMES[root]}#{pointer}`" if root in _MESSAGE_NAMES and pointer else ""
