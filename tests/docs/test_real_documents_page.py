"""The page of real documents: what it counts is what came of them, where there is the folder that has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from real_documents import (
    NOT_LOADED,
    PAGE,
    REFUSED,
    RUNS,
    Document,
    Outcome,
    Reason,
    disagreements,
    main,
    outcome,
    page,
    reasons,
    rehearsed,
)

_CORPUS: Final = os.environ.get("ARAZZO_CORPUS")
_RUN: Final = Outcome(RUNS)
_WRONG: Final = Outcome(REFUSED, "unknown-step")


@pytest.mark.skipif(_CORPUS is None, reason="ARAZZO_CORPUS names no folder of published documents")
def test_the_page_is_what_came_of_the_documents() -> None:
    documents = list(rehearsed(Path(_CORPUS or "")))
    assert list(disagreements(documents, reasons())) == []
    assert not [each.name for each in documents if each.sourced.code in {"engine-bug", "exit 70"}]
    assert page(documents, reasons()) == PAGE.read_text(encoding="utf-8")


def test_each_refused_document_of_the_page_has_its_reason() -> None:
    written = PAGE.read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line.startswith("- ")]
    said = reasons()
    assert len(lines) == len(said)
    assert all(any(name in line and why in line for line in lines) for name, (_, why) in said.items())


def test_a_page_counts_outcomes_and_causes_by_how_the_sources_were_given() -> None:
    documents = [Document("a/one.yaml", _WRONG, _RUN), Document("b/two.yaml", _WRONG, _WRONG)]
    written = page(documents, {"b/two.yaml": Reason("unread", "it names `x`")})
    assert "2 Arazzo documents that others published, in 2 repositories" in written
    assert "| runs | 0 | 1 |\n| refused | 2 | 1 |\n| cannot be loaded | 0 | 0 |\n" in written
    assert "| unknown-step | 2 | 1 |\n" in written
    assert written.endswith("- `b/two.yaml` (unknown-step): it names `x`.\n")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["source-not-found", "source-not-found"], Outcome(NOT_LOADED, "source-not-found")),
        (["source-not-found", "unknown-step"], Outcome(REFUSED, "source-not-found")),
        (["unknown-step"], _WRONG),
        ([], Outcome(REFUSED, "exit 1")),
    ],
)
def test_a_document_of_which_nothing_but_a_source_is_missing_is_not_refused(
    codes: list[str], expected: Outcome
) -> None:
    assert outcome(codes, 1) == expected


_API: Final = """\
openapi: 3.1.0
info: { title: Shop, version: "1" }
servers: [{ url: https://shop.test }]
paths: { /items: { get: { operationId: list, responses: { "200": { description: ok } } } } }
"""
_READS: Final = """\
arazzo: 1.0.1
info: { title: Shop, version: "1" }
sourceDescriptions: [{ name: shop, url: gone.yaml, type: openapi }]
workflows: [{ workflowId: read, steps: [{ stepId: list, operationId: list }] }]
"""


def test_a_source_that_the_index_does_not_name_is_given_beside_those_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "read.yaml": _READS,
        "api.yaml": _API,
        "another.yaml": _API,
        "index.tsv": "document\tsources\nread.yaml\t\n",
        "further.tsv": "document\tsources\nread.yaml\tshop=api.yaml\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("real_documents.SOURCES", tmp_path / "further.tsv")
    (document,) = rehearsed(tmp_path)
    assert document == Document("read.yaml", Outcome(NOT_LOADED, "source-not-found"), _RUN)


def test_a_document_without_a_reason_and_a_reason_without_its_document_are_told() -> None:
    documents = [Document("one", _RUN, _WRONG), Document("two", _RUN, _RUN)]
    assert list(disagreements(documents, {"two": Reason("right", "x")})) == [
        "nothing says why this does not run: one",
        "this is said not to run: two",
    ]


def test_without_a_folder_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ARAZZO_CORPUS", raising=False)
    assert main() == 2
    assert capsys.readouterr().err == "ARAZZO_CORPUS names no folder of documents\n"
