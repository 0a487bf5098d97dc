"""Rehearse documents that others published, and write docs/real-documents.md of what came of it.

    ARAZZO_CORPUS=FOLDER python scripts/real_documents.py

The folder has an ``index.tsv``: in each line a document and, where they were found by hand, its sources as
``name=path;name=path``. Further sources, which the folder has and its index does not name, are in
``real_documents_sources.tsv`` beside this script, in lines of the same form. Each document is rehearsed twice, as
published and with those sources, without a network. Why a refusal is right, a person says in ``real_documents.tsv``
beside this script, in a line for each document that does not run. Neither the documents nor any of their text are kept.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "real-documents.md"
REASONS: Final = Path(__file__).resolve().with_suffix(".tsv")
SOURCES: Final = REASONS.with_name("real_documents_sources.tsv")
RUNS, REFUSED, NOT_LOADED = "runs", "refused", "cannot be loaded"
# nothing listens there: what is on the network is not found, on any machine
_WITHOUT_NETWORK: Final = ("--proxy", "http://127.0.0.1:1")
_NOT_FOUND: Final = "source-not-found"
_HEAD: Final = """\
# Real documents

What becomes of {count} Arazzo documents that others published, in {repositories} repositories, when
`arazzo rehearse --all` is given each of them: as published, and with the sources that a person found for it. There is
no network: a description that is fetched from one cannot be loaded here. A document cannot be loaded when nothing is
wrong that is known but that a source is missing. The documents are not part of this project;
`ARAZZO_CORPUS=FOLDER python scripts/real_documents.py` makes this page of a folder that has them.

"""
_SECTIONS: Final[Mapping[str, str]] = {
    "right": "## Refused, and rightly\n\nWhat their authors have to change, or to send along.\n",
    "unread": "## Still to be read\n\nThese have mistakes with one reading that is not taken yet, beside others.\n",
    "unrun": "## Not run yet\n\nThese are right, and ask for what the engine does not do.\n",
}


class Outcome(NamedTuple):
    """What came of a rehearsal: one of the three, and the code of the first error."""

    what: str
    code: str | None = None


class Document(NamedTuple):
    """A document by its path in the folder, and its two rehearsals."""

    name: str
    published: Outcome
    sourced: Outcome


class Reason(NamedTuple):
    """Why a document does not run: which section it belongs to, and what a person says of it."""

    verdict: str
    why: str


def main() -> int:
    """Rehearse the documents and write the page."""
    folder = os.environ.get("ARAZZO_CORPUS")
    if folder is None:
        print("ARAZZO_CORPUS names no folder of documents", file=sys.stderr)
        return 2
    documents = list(rehearsed(Path(folder)))
    PAGE.write_text(page(documents, reasons()), encoding="utf-8")
    for mistake in disagreements(documents, reasons()):
        print(mistake, file=sys.stderr)
    return 0


def rehearsed(folder: Path) -> Iterator[Document]:
    """Rehearse each document of a folder twice."""
    further = dict(_sources(SOURCES))
    for name, sources in _sources(folder / "index.tsv"):
        named = [each.split("=", 1) for each in (*sources, *further.get(name, ()))]
        given = [part for source, path in named for part in ("--source", f"{source}={folder / path}")]
        document = str(folder / name)
        yield Document(name.removeprefix("docs/"), _rehearsed(document, ()), _rehearsed(document, given))


def _sources(table: Path) -> Iterator[tuple[str, Sequence[str]]]:
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        name, _, sources = line.partition("\t")
        yield name, [each for each in sources.split(";") if each]


def _rehearsed(document: str, options: Sequence[str]) -> Outcome:
    written = io.StringIO()
    with redirect_stdout(written), redirect_stderr(io.StringIO()):
        exit_code = run_command(
            ["rehearse", document, "--all", "--no-project", "--format", "json", *_WITHOUT_NETWORK, *options]
        )
    if exit_code == 0:
        return Outcome(RUNS)
    found = json.loads(written.getvalue()).get("diagnostics", [])
    return outcome([each["code"] for each in found if each["severity"] == "error"], exit_code)


def outcome(codes: Sequence[str], exit_code: int) -> Outcome:
    """Say what a rehearsal that did not succeed is: nothing but a missing source is no fault of the document."""
    what = NOT_LOADED if codes and set(codes) == {_NOT_FOUND} else REFUSED
    return Outcome(what, codes[0] if codes else f"exit {exit_code}")


def reasons() -> Mapping[str, Reason]:
    """Return what a person says of the documents that do not run."""
    lines = REASONS.read_text(encoding="utf-8").splitlines()[1:]
    return {name: Reason(verdict, why) for name, verdict, why in (line.split("\t") for line in lines)}


def disagreements(documents: Iterable[Document], said: Mapping[str, Reason]) -> Iterator[str]:
    """Yield the documents that do not run and of which nothing is said, and those that run and of which it is."""
    refused = {each.name for each in documents if each.sourced.what != RUNS}
    yield from (f"nothing says why this does not run: {name}" for name in sorted(refused - set(said)))
    yield from (f"this is said not to run: {name}" for name in sorted(set(said) - refused))


def page(documents: Sequence[Document], said: Mapping[str, Reason]) -> str:
    """Return the page on some documents."""
    repositories = {each.name.split("/")[0] for each in documents}
    parts = [
        _HEAD.format(count=len(documents), repositories=len(repositories)),
        _counts(documents),
        _causes(documents),
        *(_section(verdict, documents, said) for verdict in _SECTIONS),
    ]
    return "".join(parts)


def _counts(documents: Iterable[Document]) -> str:
    return _table(
        "| outcome | as published | with sources |\n|---|---:|---:|\n",
        Counter(each.published.what for each in documents),
        Counter(each.sourced.what for each in documents),
        (RUNS, REFUSED, NOT_LOADED),
    )


def _causes(documents: Sequence[Document]) -> str:
    published = Counter(each.published.code for each in documents if each.published.code)
    sourced = Counter(each.sourced.code for each in documents if each.sourced.code)
    codes = sorted(published | sourced, key=lambda code: (-sourced[code], code))
    head = (
        "\n## Causes\n\nBy the [code](diagnostics.md) of the first error, how many documents.\n\n"
        "| first error | as published | with sources |\n|---|---:|---:|\n"
    )
    return _table(head, published, sourced, codes)


def _table(head: str, published: Counter[str], sourced: Counter[str], names: Iterable[str]) -> str:
    return head + "".join(f"| {name} | {published[name]} | {sourced[name]} |\n" for name in names)


def _section(verdict: str, documents: Iterable[Document], said: Mapping[str, Reason]) -> str:
    lines = [
        f"- `{each.name}` ({each.sourced.code}): {said[each.name].why}.\n"
        for each in documents
        if each.sourced.what != RUNS and each.name in said and said[each.name].verdict == verdict
    ]
    return f"\n{_SECTIONS[verdict]}\n{''.join(lines)}" if lines else ""


if __name__ == "__main__":
    sys.exit(main())
