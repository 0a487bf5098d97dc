"""What two runs differ in: a request, a decision, an ending, each field by field.

Decides what makes a difference. An engine says which it is, and may be another one; how long something took is told by
the clock. What is compared are the values of a recording's lines.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from arazzo_engine.apis.own_headers import OF_THE_ENGINE
from arazzo_engine.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# and these follow from the body and the server
_FOLLOWING: Final = frozenset({"content-length", "host"})
# a proof of a password that nobody can make without it
_PROOF: Final = lazy_pattern(r'\bresponse="[^"]*"')
_BOUNDARY: Final = lazy_pattern(r"boundary=(arazzo-[0-9a-f]+)")
_MOST: Final = 20
ABSENT: Final = "(nothing)"


class Difference(Struct, frozen=True):
    """One field that was another one: what it is, and the texts of both."""

    field: str
    then: str
    now: str


def requests_differ(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what two requests differ in."""
    then, now = _without_boundary(first), _without_boundary(second)
    yield from _one("method", then["method"], now["method"])
    yield from _urls(then["url"], now["url"])
    yield from _headers(then["headers"], now["headers"])
    yield from _bodies(then["body"], now["body"])


def _without_boundary(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a request with one name for the boundary that the engine has chosen for it."""
    types = (value for name, value in request["headers"] if name.lower() == "content-type")
    found = _BOUNDARY.search(next(types, ""))
    if found is None:
        return request
    chosen = found[1]
    headers = [[name, value.replace(chosen, "(chosen)")] for name, value in request["headers"]]
    return {**request, "headers": headers, "body": _replaced(request["body"], chosen)}


def _replaced(body: Mapping[str, str], chosen: str) -> Mapping[str, str]:
    if "text" in body:
        return {"text": body["text"].replace(chosen, "(chosen)")}
    content = base64.b64decode(body["base64"]).replace(chosen.encode(), b"(chosen)")
    return {"base64": base64.b64encode(content).decode("ascii")}


def answers_differ(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield what two answers differ in."""
    yield from _one("status", _status(then), _status(now))
    if "response" in then and "response" in now:
        yield from _bodies(then["response"]["body"], now["response"]["body"])


def _status(answer: Mapping[str, Any]) -> str:
    if "response" in answer:
        return str(answer["response"]["status"])
    return f"no response: {answer['noResponse']['reason']}"


def _urls(then: str, now: str) -> Iterator[Difference]:
    old, new = urlsplit(then), urlsplit(now)
    yield from _one("server", f"{old.scheme}://{old.netloc}", f"{new.scheme}://{new.netloc}")
    yield from _one("path", old.path, new.path)
    pairs = [_grouped(parse_qsl(each.query, keep_blank_values=True)) for each in (old, new)]
    yield from _members("query", *pairs)
    if pairs[0] == pairs[1]:
        yield from _one("query", old.query, new.query)


def _headers(then: list[list[str]], now: list[list[str]]) -> Iterator[Difference]:
    old, new = (_grouped([(name.lower(), _without_proof(value)) for name, value in each]) for each in (then, now))
    skipped = OF_THE_ENGINE | _FOLLOWING
    yield from _members("header", *({name: each[name] for name in each if name not in skipped} for each in (old, new)))


def _without_proof(value: str) -> str:
    return _PROOF.sub('response="…"', value) if value[:7].lower() == "digest " else value


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _members(kind: str, then: Mapping[str, list[str]], now: Mapping[str, list[str]]) -> Iterator[Difference]:
    for name in dict.fromkeys((*then, *now)):
        old, new = (", ".join(each[name]) if name in each else ABSENT for each in (then, now))
        yield from _one(f"{kind} `{name}`", old, new)


def _bodies(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    if then == now:
        return
    try:
        old, new = json.loads(then["text"]), json.loads(now["text"])
    except (KeyError, ValueError, RecursionError):
        yield Difference("body", _shown_body(then), _shown_body(now))
        return
    found = list(values_differ("body", old, new))
    yield from found or [Difference("body", then["text"], now["text"])]


def _shown_body(body: Mapping[str, str]) -> str:
    if "text" in body:
        return body["text"] or "(empty)"
    return f"bytes in base64: {body['base64']}"


def values_differ(name: str, then: Any, now: Any) -> Iterator[Difference]:  # noqa: ANN401 - two JSON values
    """Yield where two JSON values differ, by JSON Pointer, and no more of them than a person reads."""
    waiting = [(name, then, now)]
    told = 0
    while waiting and told < _MOST:
        at, old, new = waiting.pop()
        match old, new:
            case dict(), dict():
                names = reversed(dict.fromkeys((*old, *new)))
                waiting.extend((f"{at}/{_token(each)}", old.get(each, _GONE), new.get(each, _GONE)) for each in names)
            case list(), list():
                longest = max(len(old), len(new))
                pairs = ((_at(old, index), _at(new, index), index) for index in reversed(range(longest)))
                waiting.extend((f"{at}/{index}", one, other) for one, other, index in pairs)
            case _ if not _same(old, new):
                told += 1
                yield Difference(at, _written(old), _written(new))
            case _:
                pass


class _Gone:
    """What stands for a member that is not there."""


_GONE: Final = _Gone()


def _at(elements: list[Any], index: int) -> Any:  # noqa: ANN401 - a JSON value
    return elements[index] if index < len(elements) else _GONE


def _same(then: Any, now: Any) -> bool:  # noqa: ANN401 - two JSON values
    # `1` is not `true`
    return type(then) is type(now) and bool(then == now)


def _written(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return ABSENT if value is _GONE else json.dumps(value, ensure_ascii=False)


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _one(field: str, then: str, now: str) -> Iterator[Difference]:
    if then != now:
        yield Difference(field, then, now)


# --- decisions ---


def decisions_differ(then: Mapping[str, Any], now: Mapping[str, Any], *, in_words: bool) -> Iterator[Difference]:
    """Yield what was decided otherwise after an attempt; ``in_words`` also what is only said otherwise."""
    yield from _one("status", then["status"], now["status"])
    yield from _criteria(then["criteria"], now["criteria"], in_words=in_words)
    yield from _one("action", action_text(then["action"]), action_text(now["action"]))
    yield from values_differ("outputs", then["outputs"], now["outputs"])
    if in_words:
        yield from values_differ("notes", then["notes"], now["notes"])
        yield from values_differ("diagnostics", _plain(then["diagnostics"]), _plain(now["diagnostics"]))


def endings_differ(then: Mapping[str, Any], now: Mapping[str, Any], *, in_words: bool) -> Iterator[Difference]:
    """Yield what two runs ended in that is not the same."""
    yield from _one("status", then["status"], now["status"])
    yield from values_differ("outputs", then["outputs"], now["outputs"])
    if in_words:
        yield from values_differ("diagnostics", _plain(then["diagnostics"]), _plain(now["diagnostics"]))


def _criteria(then: list[Any], now: list[Any], *, in_words: bool) -> Iterator[Difference]:
    for number, (old, new) in enumerate(zip(then, now, strict=False), 1):
        if old["passed"] != new["passed"] or (in_words and old != new):
            yield Difference(f"criterion {number}", _criterion_text(old), _criterion_text(new))
    for number, old in enumerate(then[len(now) :], len(now) + 1):
        if in_words or not old["passed"]:
            yield Difference(f"criterion {number}", _criterion_text(old), ABSENT)
    for number, new in enumerate(now[len(then) :], len(then) + 1):
        if in_words or not new["passed"]:
            yield Difference(f"criterion {number}", ABSENT, _criterion_text(new))


def _criterion_text(criterion: Mapping[str, Any]) -> str:
    verdict = "passed" if criterion["passed"] else "failed"
    return f"`{criterion['condition']}` {verdict}: {criterion['explanation']}"


def action_text(action: Mapping[str, Any] | None) -> str:
    """Return what followed an attempt, for a person."""
    if action is None:
        return ABSENT
    target = f" `{action['target']}`" if action["target"] else ""
    wait = f" after {action['wait']:g} s" if action["wait"] else ""
    return f"{action['type']}{target}{wait}"


def _plain(diagnostics: list[Any]) -> list[Any]:
    """Return diagnostics as far as two runs can have the same: a bug is named by the place that raised it."""
    return [
        each["code"] if each["code"] == "engine-bug" else f"{each['code']}: {each['message']}" for each in diagnostics
    ]
