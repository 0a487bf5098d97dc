"""Documents that are almost right, loaded, checked, rehearsed and run by the hundred: none may be a bug of the engine.

``python scripts/fuzz.py --minutes 30`` is the campaign; ``--seed N`` shows one case again. Whatever is wrong with a
document, a description, an input or an answer ends in a finding or in a report: an exception of any other kind, or a
report that tells of a bug, is a fault. Answers come from a transport in this process: nothing is sent anywhere.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import yaml
from mutations import mutate

from arazzo_engine import ArazzoError, Engine, Program, RunReport
from arazzo_engine.validation.inputs.given import GivenInputs

ROOT: Final = Path(__file__).resolve().parent.parent
# a document, and the descriptions that it names
SUBJECTS: Final = (
    ("tests/shop/orders.arazzo.yaml", {"shop-api.yaml": "tests/shop/shop-api.yaml"}),
    ("tests/kennel/kennel.arazzo.yaml", {"kennel.yaml": "tests/kennel/kennel-3.1.yaml"}),
    (
        "specs/travel/arazzo/travel-book-trip-workflow.yml",
        {
            "../openapi/travel-flights-api-openapi.yml": "specs/travel/openapi/travel-flights-api-openapi.yml",
            "../openapi/travel-hotels-api-openapi.yml": "specs/travel/openapi/travel-hotels-api-openapi.yml",
        },
    ),
    ("tests/fuzz/calling.yaml", {"called.yaml": "tests/fuzz/called.yaml", "api.yaml": "tests/fuzz/api.yaml"}),
    (
        "specs/viam/arazzo/viam-bill-customer-location-workflow.yml",
        {"../openapi/viam-billing-api-openapi.yml": "specs/viam/openapi/viam-billing-api-openapi.yml"},
    ),
    (
        "specs/reports/arazzo/reports-export-workflow.yml",
        {"../openapi/reports-api-openapi.yml": "specs/reports/openapi/reports-api-openapi.yml"},
    ),
)
_INPUTS: Final[tuple[Any, ...]] = ("x", "", 1, 1.5, None, True, [], {}, ["a", 1], {"a": {"b": None}}, "book", 10**20)
_BODIES: Final = (
    *(
        b"",
        b"null",
        b"{}",
        b"[]",
        b"1",
        b'"x"',
        b'{"id": 1, "state": "done", "price": null}',
        b"{",
        b"\xff\xfe",
        b"<a><b/></a>",
    ),
    *(b'{"a": {"b": [1, {"c": "d"}]}}', b'{"id": {"x": []}, "receipt": false}', b"data: 1\n\n", b"1\n2\n"),
)
_TYPES: Final = (
    "application/json",
    "",
    "text/html",
    "application/xml",
    "text/event-stream",
    "application/x-ndjson",
    "???",
    "a/b;c",
)


def try_seed(seed: int) -> str:
    """Return what went wrong with the case of a seed, nothing when nothing did."""
    chance = Random(seed)  # noqa: S311 - the same seed is the same case
    path, sources = chance.choice(SUBJECTS)
    document = mutate(_read(path), chance, chance.randint(1, 3))
    described = {name: _read(each) for name, each in sources.items()}
    if chance.random() < 0.4:
        described = {name: mutate(each, chance, chance.randint(1, 3)) for name, each in described.items()}
    try:
        return _try(document, described, chance)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return traceback.format_exc()


def _try(document: Any, described: dict[str, Any], chance: Random) -> str:
    answers = _Answers(described, chance)
    options: dict[str, Any] = {
        "transport": httpx.MockTransport(answers.answer),
        "servers": "http://api.example",
        "credentials": lambda _source, _scheme: "a-credential",
        "check": chance.choice(("off", "off", "warn")),
        "strict": chance.random() < 0.1,
        "max_steps": 20,
        "max_wait": 0.001,
        "timeout": 20.0,
        "clock": _StandingClock(),
    }
    with Engine(**options) as engine:
        engine.validate(document, base="http://docs.example/a/b/main.json")
        try:
            program = engine.load(document, base="http://docs.example/a/b/main.json")
        except ArazzoError:
            return ""
        return next(filter(None, (_run(program, name, chance) for name in program.workflow_ids)), "")


def _run(program: Program, workflow: str, chance: Random) -> str:
    properties = next(each for each in program.description.workflows if each.workflow_id == workflow).inputs
    declared = properties.get("properties") if isinstance(properties, dict) else None
    names = list(declared) if isinstance(declared, dict) else []
    wrong = {name: chance.choice(_INPUTS) for name in names if chance.random() < 0.2}
    reports = []
    for act, inputs in ((program.rehearse, wrong), (program.run, wrong), (program.run, _fitting(program, workflow))):
        try:
            reports.append(act(workflow, inputs=inputs))
        except ArazzoError:
            continue
    return next((_bug_in(report) for report in reports if _bug_in(report)), "")


def _fitting(program: Program, workflow: str) -> dict[str, Any]:
    """Return inputs that a rehearsal would make up."""
    try:
        return dict(program.fill_in((workflow,), GivenInputs({})).given.values)
    except ArazzoError:
        return {}


def _bug_in(report: RunReport) -> str:
    again = RunReport.from_json(json.loads(json.dumps(report.to_json()))).to_json()
    if again != report.to_json():
        return f"the report of {report.workflow_id} is another one when it is read back"
    return next((str(each) for each in report.findings if each.code == "engine-bug"), "")


class _StandingClock:
    """Nothing waits."""

    def now(self) -> float:
        return 0.0

    def sleep(self, _seconds: float) -> None:
        return None


class _Answers:
    """Serves the descriptions, and answers everything else at random."""

    def __init__(self, described: dict[str, Any], chance: Random) -> None:
        self.files = {
            f"/a/{name.removeprefix('../')}": each for name, each in described.items() if name.startswith("../")
        }
        self.files |= {f"/a/b/{name}": each for name, each in described.items() if not name.startswith("../")}
        self.chance = chance

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "docs.example":
            found = self.files.get(request.url.path)
            text = json.dumps(found) if found is not None else ""
            return httpx.Response(404 if found is None else 200, content=text.encode("utf-8", "surrogatepass"))
        status = self.chance.choice((200, 200, 200, 201, 204, 301, 400, 401, 404, 409, 429, 500, 503))
        headers = {"Content-Type": self.chance.choice(_TYPES), "Retry-After": self.chance.choice(("1", "x", "-1"))}
        return httpx.Response(status, content=self.chance.choice(_BODIES), headers=headers)


def _read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def main() -> int:
    """Run the campaign, or one case."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="one case only")
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    seed, faults = given.first if given.seed is None else given.seed, 0
    while given.seed is None or seed == given.seed:
        told = try_seed(seed)
        if told:
            faults += 1
            print(f"--- seed {seed}\n{told}", flush=True)
        seed += 1
        if time.monotonic() > until:
            break
    print(f"{seed - given.first if given.seed is None else 1} cases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
