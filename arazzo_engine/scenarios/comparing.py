"""What a run did against what was expected of it.

Decides what is the same: of an object only the members that are named are looked at, a list must have the same
elements, numbers are compared as numbers, names of headers without their case. What is a text on the wire may be
expected as what it is the text of; JSON and outputs have their types. Each difference has its place in the
scenario, so that it can be told, and written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.messages.exchange import Request, Response, header
from arazzo_engine.language.messages.payloads import is_json, media_type, parse_payload
from arazzo_engine.scenarios.scenario import REQUEST_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport

_FORM: Final = "application/x-www-form-urlencoded"
_MISSING: Final = "nothing"


class Difference(Struct, frozen=True):
    """One difference: in words what it is about, where it is expected, and what was expected and found."""

    what: str
    pointer: Pointer
    expected: Any
    found: Any

    def text(self) -> str:
        """Return it in one line; what was not there is ``nothing``."""
        return f"{self.what}: expected {_shown(self.expected)}, found {_shown(self.found)}"


def differences(expect: Mapping[str, JsonValue], report: RunReport) -> Iterator[Difference]:
    """Yield what a run did otherwise than it was expected to."""
    if "outcome" in expect:
        yield from _Expected("the outcome", ("expect", "outcome")).compare(expect["outcome"], report.status.value)
    if "path" in expect:
        found: list[JsonValue] = [*path_of(report)]
        yield from _of_path(as_texts(expect["path"]), found)
    for step, wanted in as_mapping(expect.get("requests")).items():
        yield from _of_requests(step, wanted, report)
    for name, value in as_mapping(expect.get("outputs")).items():
        found_value = report.outputs.get(name, ABSENT)
        yield from _Expected(f"output `{name}`", ("expect", "outputs", name)).compare(value, found_value)


def path_of(report: RunReport) -> Iterator[str]:
    """Yield each attempt of each step with what came of it: ``charge 503``."""
    for step in report.steps:
        came = str(step.response.status) if isinstance(step.response, Response) else ""
        if step.response is not None and not came:
            came = str(getattr(step.response, "failure", "no answer"))
        yield f"{step.step_id} {came}".rstrip()


def as_texts(value: JsonValue) -> list[JsonValue]:
    """Return the list that a value is, one of one value for any other."""
    return value if isinstance(value, list) else [value]


def _of_path(wanted: Sequence[JsonValue], found: Sequence[JsonValue]) -> Iterator[Difference]:
    for index in range(max(len(wanted), len(found))):
        one, other = (each[index] if index < len(each) else ABSENT for each in (wanted, found))
        if one != other:
            # everything behind the first difference is one, too
            what = f"the path, step {index + 1}"
            yield Difference(what, ("expect", "path"), one, other)
            return


def _of_requests(step: str, wanted: JsonValue, report: RunReport) -> Iterator[Difference]:
    sent = [each.request for each in _attempts(step, report) if each.request is not None]
    pointer = ("expect", "requests", step)
    if not isinstance(wanted, list):
        if not sent:
            yield Difference(f"the requests of `{step}`", pointer, wanted, ABSENT)
        for number, request in enumerate(sent, start=1):
            yield from _of_request(as_mapping(wanted), request, f"`{step}`, request {number}", pointer)
        return
    if len(sent) != len(wanted):
        yield Difference(f"the number of requests of `{step}`", pointer, len(wanted), len(sent))
    for index, (each, request) in enumerate(zip(wanted, sent, strict=False)):
        here = (*pointer, str(index))
        yield from _of_request(as_mapping(each), request, f"`{step}`, request {index + 1}", here)


def _attempts(step: str, report: RunReport) -> Iterator[StepReport]:
    workflow, _, step_id = step.rpartition(".")
    return (each for each in report.steps if each.step_id == step_id and workflow in {"", each.workflow_id})


def _of_request(wanted: Mapping[str, JsonValue], request: Request, what: str, at: Pointer) -> Iterator[Difference]:
    found = request_values(request)
    kind = header(request.headers, "content-type") or ""
    if media_type(kind) == _FORM and isinstance(wanted.get("body"), dict):
        found["body"] = _named(str(found["body"]))
    for name, value in wanted.items():
        is_text = name != "body" or not is_json(kind)
        place = _Expected(f"{what}, {name}", (*at, name), is_text=is_text, has_case=name != "headers")
        yield from place.compare(value, found.get(name, ABSENT))


def request_values(request: Request) -> dict[str, Any]:
    """Return the parts of a request that can be expected; a name that stands in its query twice has a list."""
    headers = {name.lower(): header(request.headers, name) for name, _ in request.headers}
    body = parse_payload(bytes(request.content), headers.get("content-type")).value if request.content else ABSENT
    query = _named(urlsplit(request.url).query)
    values = (request.method, request.url, dict(request.path), query, headers, body)
    return dict(zip(REQUEST_FIELDS, values, strict=True))


def _named(text: str) -> dict[str, JsonValue]:
    given = parse_qs(text, keep_blank_values=True)
    return {name: values[0] if len(values) == 1 else [*values] for name, values in given.items()}


class _Expected(Struct, frozen=True):
    """What is expected somewhere: in words and where; what ``is_text`` on the wire has no types there."""

    what: str
    at: Pointer
    is_text: bool = False
    has_case: bool = True

    def compare(self, expected: Any, found: Any) -> Iterator[Difference]:  # noqa: ANN401 - JSON values
        """Yield how what was found differs."""
        if self.is_text and isinstance(expected, list) and isinstance(found, str):
            found = [found]
        if isinstance(expected, dict) and isinstance(found, dict):
            known = found if self.has_case else {name.lower(): value for name, value in found.items()}
            for name, value in expected.items():
                inner = self._within(f"`{name}`", name)
                yield from inner.compare(value, known.get(name if self.has_case else name.lower(), ABSENT))
        elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
            for index, (one, other) in enumerate(zip(expected, found, strict=True)):
                yield from self._within(f"element {index + 1}", str(index)).compare(one, other)
        elif not self._is_same(expected, found):
            yield Difference(self.what, self.at, expected, found)

    def _within(self, what: str, token: str) -> _Expected:
        return _Expected(f"{self.what}, {what}", (*self.at, token), is_text=self.is_text)

    def _is_same(self, expected: Any, found: Any) -> bool:  # noqa: ANN401 - JSON values
        if self.is_text and isinstance(found, str) and isinstance(expected, bool | int | float):
            return found == json.dumps(expected)
        if isinstance(expected, bool) or isinstance(found, bool):
            return expected is found
        return bool(expected == found)


def _shown(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return _MISSING if value is ABSENT else json.dumps(value, ensure_ascii=False)
