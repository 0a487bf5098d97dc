"""What a run did against what was expected of it.

Decides what is the same: of an object only the members that are named are looked at, a list must have the same
elements, numbers are compared as numbers, names of headers without their case. Each difference has its place in the
scenario, so that it can be told, and written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from arazzo_engine.documents.values import ABSENT, as_mapping
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.language.messages.payloads import parse_payload
from arazzo_engine.scenarios.scenario import REQUEST_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arazzo_engine.documents.pointers import Pointer
    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.reporting.run_report import RunReport
    from arazzo_engine.reporting.step_report import StepReport

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
        yield from _compare(expect["outcome"], report.status.value, "the outcome", ("expect", "outcome"))
    if "path" in expect:
        found: list[JsonValue] = [*path_of(report)]
        yield from _of_path(as_texts(expect["path"]), found)
    for step, wanted in as_mapping(expect.get("requests")).items():
        yield from _of_requests(step, wanted, report)
    for name, value in as_mapping(expect.get("outputs")).items():
        found_value = report.outputs.get(name, ABSENT)
        yield from _compare(value, found_value, f"output `{name}`", ("expect", "outputs", name))


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
    for name, value in wanted.items():
        yield from _compare(value, found.get(name, ABSENT), f"{what}, {name}", (*at, name))


def request_values(request: Request) -> dict[str, Any]:
    """Return the parts of a request that can be expected."""
    headers = {name.lower(): value for name, value in request.headers}
    body = parse_payload(bytes(request.content), headers.get("content-type")).value if request.content else ABSENT
    query = dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
    values = (request.method, request.url, dict(request.path), query, headers, body)
    return dict(zip(REQUEST_FIELDS, values, strict=True))


def _compare(expected: Any, found: Any, what: str, at: Pointer) -> Iterator[Difference]:  # noqa: ANN401 - JSON values
    if isinstance(expected, dict) and isinstance(found, dict):
        known = {name.lower(): name for name in found} if what.endswith(", headers") else {name: name for name in found}
        for name, value in expected.items():
            key = name.lower() if what.endswith(", headers") else name
            yield from _compare(value, found.get(known.get(key, ""), ABSENT), f"{what}, `{name}`", (*at, name))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _compare(one, other, f"{what}, element {index + 1}", (*at, str(index)))
    elif not _is_same(expected, found):
        yield Difference(what, at, expected, found)


def _is_same(expected: Any, found: Any) -> bool:  # noqa: ANN401 - JSON values
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    # what stands in a URL or a header is a text, whatever it was
    if isinstance(found, str) and isinstance(expected, int | float):
        return found == json.dumps(expected)
    return bool(expected == found)


def _shown(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return _MISSING if value is ABSENT else json.dumps(value, ensure_ascii=False)
