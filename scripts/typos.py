"""``python scripts/typos.py``: how many slips of the keys are found before anything is sent.

Draws one-character typos in the last step of the bundled billing workflow, the one that takes the money, and runs each
document as a user would. Prints how many were refused, warned of and missed, and which; a seed draws the same typos
every time.

A typo is one character left out, put in or put in place of another, or two that changed places. It is *effective* when
the text is no document any more, or when the step asks for something else: when its value differs in more than its id
and its description, to which nothing refers. It is *refused* when a run ends without a request; *warned of* when a run
tells it and goes on, and with ``--strict`` ends without a request; *missed* when nothing tells it.
"""

from __future__ import annotations

import argparse
import json
import random
import string
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx

from arazzo_engine import ArazzoError, Engine
from arazzo_engine.documents.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SPECS: Final = Path(__file__).resolve().parent.parent / "specs" / "viam"
WORKFLOW: Final = SPECS / "arazzo" / "viam-bill-customer-location-workflow.yml"
SEED: Final = 20261128
COUNT: Final = 175
REFUSED, WARNED, MISSED = "refused", "warned of", "missed"
_STEP: Final = "  - stepId: chargeCustomer\n"
_AFTER_THE_STEP: Final = "  outputs:\n"
# what a step says and no request, no judgement and no other step depends on
_IDLE: Final = ("stepId", "description")
_LETTERS: Final = string.ascii_lowercase + string.digits


class Typo(NamedTuple):
    """A document with one slip of the keys, and the line of it, for people."""

    text: str
    line: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description="Find one-character typos in the bundled billing workflow.")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the typos that are drawn; {SEED} by default")
    parser.add_argument("--count", type=int, default=COUNT, help=f"of effective typos; {COUNT} by default")
    asked = parser.parse_args(arguments)
    outcomes = [(typo, outcome(typo)) for typo in effective_typos(asked.seed, asked.count)]
    counted = Counter(found for _, found in outcomes)
    print(f"{asked.count} effective typos, seed {asked.seed}: {counted[REFUSED] + counted[WARNED]} found")
    for name in (REFUSED, WARNED, MISSED):
        print(f"{name:10} {counted[name]:4}")
    for typo, found in outcomes:
        if found != REFUSED:
            print(f"{found}: {typo.line}")
    return 0


def effective_typos(seed: int, count: int) -> Iterator[Typo]:
    """Yield so many different typos that change what the step asks for."""
    written = WORKFLOW.read_text(encoding="utf-8")
    asked, drawn = what_is_asked(written), random.Random(seed)  # noqa: S311 - a choice of typos is no secret
    seen = {written}
    while len(seen) <= count:
        typo = _draw(written, drawn)
        if typo.text not in seen and what_is_asked(typo.text) != asked:
            seen.add(typo.text)
            yield typo


def what_is_asked(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return the document without what asks for nothing, ``None`` when the text is none."""
    try:
        document = read_document(text, WORKFLOW.as_uri()).value
        step = document["workflows"][0]["steps"][-1]
    except (ArazzoError, LookupError, TypeError):
        return None
    for name in _IDLE if isinstance(step, dict) else ():
        step.pop(name, None)
    return document


def outcome(typo: Typo) -> str:
    """Return what becomes of a run; raises ``AssertionError`` when one that is refused has sent something."""
    sent, told = _run(typo.text, strict=False)
    if not sent:
        return REFUSED
    if not told:
        return MISSED
    sent, _ = _run(typo.text, strict=True)
    if sent:
        raise AssertionError(f"with --strict, {sent} requests were sent: {typo.line}")
    return WARNED


def _run(text: str, *, strict: bool) -> tuple[int, bool]:
    """Return how many requests a run has sent, and whether it told anything before the first."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json={})

    inputs = json.loads((SPECS / "inputs.example.json").read_text(encoding="utf-8"))
    with Engine(transport=httpx.MockTransport(answer), strict=strict) as engine:
        try:
            program = engine.load(text, base=WORKFLOW)
            report = program.run(inputs=inputs)
        except ArazzoError:
            return len(sent), True
    return len(sent), bool(program.findings or report.diagnostics)


def _draw(text: str, drawn: random.Random) -> Typo:
    start = text.index(_STEP)
    at = drawn.randrange(start, text.index(_AFTER_THE_STEP, start))
    one, two, letter = text[at], text[at + 1], drawn.choice(_LETTERS)
    slip, kept = drawn.choice((("", at + 1), (letter + one, at + 1), (letter, at + 1), (two + one, at + 2)))
    changed = text[:at] + slip + text[kept:]
    return Typo(changed, changed[changed.rfind("\n", 0, at) + 1 : changed.find("\n", at)])


if __name__ == "__main__":
    raise SystemExit(main())
