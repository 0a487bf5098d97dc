"""Writes the page of the points on which engines differ, with the clause of each, in Markdown.

First come the points that the specification leaves open, grouped by what it should say; then those that it decides, and
that not every engine follows, by section. It compares results and judges none of them.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final

from runner.cases import ROOT
from runner.comparing import outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from runner.cases import Case
    from runner.reports import Column
    from runner.running import Result
    from runner.yaml_subset import Json

_LONGEST: Final = 110
_QUESTIONS: Final = ROOT / "questions.json"


def read_questions() -> dict[str, dict[str, str]]:
    """Return what is asked, and what the specification should say, by the keys that cases name."""
    found: dict[str, dict[str, str]] = json.loads(_QUESTIONS.read_text(encoding="utf-8"))
    return found


def disagreements(columns: Sequence[Column], date: str) -> str:
    """Return the page."""
    points = [results for results in zip(*(column.results for column in columns), strict=True) if _differ(results)]
    heads = [f"{column.engine} {column.version}" for column in columns]
    told = sum(1 for results in points if results[0].case.question)
    lines = [
        "# Where engines differ",
        "",
        f"Written by `run.py --matrix` on {date}, from the {len(columns[0].results)} results of {', '.join(heads)}.",
        f"{len(points)} differ: {told} on what the specification leaves open, {len(points) - told} on what it says.",
        "An engine that cannot say what a case asks for is left out of it.",
        "",
        "# What the specification leaves open",
        "",
        "Grouped by what it should say. A cell is the accepted result that the engine gives.",
        "",
    ]
    for key, question in read_questions().items():
        chosen = [results for results in points if results[0].case.question == key]
        if chosen:
            lines += [f"## {question['should-say']}", "", f"Asked: {question['asks']}", "", *_open(chosen, heads), ""]
    lines += ["# What the specification says, and not every engine does", "", *_decided(points, columns)]
    return "\n".join(lines).rstrip() + "\n"


def _differ(results: Sequence[Result]) -> bool:
    """Whether two engines that could answer gave two results: different accepted ones, or one that is not."""
    return len({(each.status == "passed", each.accepted) for each in results if each.status != "skipped"}) > 1


def _open(points: Sequence[Sequence[Result]], heads: Sequence[str]) -> Iterator[str]:
    yield from _table("case", "clause", *heads)
    for name, cells in _merged((results[0].case, [_cell(each) for each in results]) for results in points):
        yield _row(name, *cells)


def _decided(points: Sequence[Sequence[Result]], columns: Sequence[Column]) -> Iterator[str]:
    chosen = [results for results in points if not results[0].case.question]
    for anchor, group in groupby(sorted(chosen, key=_anchor), key=_anchor):
        yield from (f"## {anchor}", "", *_table("case", "clause", "does it", "does not"))
        for name, cells in _merged((results[0].case, _sides(results, columns)) for results in group):
            yield _row(name, *cells)
        yield ""


def _anchor(results: Sequence[Result]) -> str:
    return results[0].case.clauses[0]["anchor"]


def _sides(results: Sequence[Result], columns: Sequence[Column]) -> list[str]:
    names = [column.engine for column in columns]
    does = [name for name, each in zip(names, results, strict=True) if each.status == "passed"]
    fails = [name for name, each in zip(names, results, strict=True) if each.status in {"failed", "errored"}]
    return [", ".join(does) or "nobody", ", ".join(fails)]


def _merged(rows: Iterable[tuple[Case, list[str]]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the cells of each row; the versions of a case are one row where they agree."""
    every = [(case, [_clause(case), *cells]) for case, cells in rows]
    for name, group in groupby(every, key=lambda row: row[0].id + (f"/{row[0].mistake}" if row[0].mistake else "")):
        versions = list(group)
        if all(cells == versions[0][1] for _, cells in versions):
            yield f"`{name}`", versions[0][1]
        else:
            yield from ((f"`{case.key}`", cells) for case, cells in versions)


def _clause(case: Case) -> str:
    spec = case.clauses[0]
    field = f", {spec['field']}" if "field" in spec else ""
    return f"{spec['anchor']}{field}: “{spec['clause']}”"


def _cell(result: Result) -> str:
    if result.status == "skipped":
        return "—"
    if result.accepted is None:
        return f"none of these: {_short(result.reason)}"
    return _described(result.case.expected, result.accepted)


def _described(accepted: Sequence[dict[str, Json]], number: int) -> str:
    """Return a few words for an accepted result: what tells it from the others."""
    one = accepted[number]
    words = [outcome_of(one)]
    if any(each.get("outputs") != one.get("outputs") for each in accepted) and "outputs" in one:
        words.append(f"outputs {_short(json.dumps(one['outputs'], ensure_ascii=False))}")
    if any(each.get("requests") != one.get("requests") for each in accepted) and "requests" in one:
        words.append(_sent(one["requests"]))
    return ", ".join(words)


def _sent(requests: Sequence[Json]) -> str:
    if not requests:
        return "nothing sent"
    last = requests[-1]
    text = last if isinstance(last, str) else " ".join(_short(_flat(value)) for value in last.values())
    return f"{len(requests)} sent, the last {text}"


def _flat(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}..."


def _table(*heads: str) -> tuple[str, str]:
    return _row(*heads), _row(*["---"] * len(heads))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
