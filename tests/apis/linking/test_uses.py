"""A workflow is walked once for the uses of its expressions, however many rules ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripted import OneSource, document, step, workflow

from arazzo_engine.apis.linking import uses
from arazzo_engine.apis.linking.linking import link
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading.description import read_description
from arazzo_engine.validation.checking import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from arazzo_engine.apis.linking.linked import LinkedStep


def test_the_rules_share_one_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []
    walk = uses.uses_in_step

    def record(linked: LinkedStep) -> Iterator[uses.Use]:
        walked.append(linked.step.step_id)
        return walk(linked)

    text = document(workflow(step("a"), step("b")))
    linked = link(read_description(read_document(text, "file:///doc.json")).description, OneSource()).linked
    monkeypatch.setattr(uses, "uses_in_step", record)
    check(linked.workflows.values(), linked)
    assert walked == ["a", "b"]
