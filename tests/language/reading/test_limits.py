"""A document with more workflows or steps than anybody writes is refused, and says how many are read."""

from __future__ import annotations

import pytest

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.reading import read_document
from arazzo_engine.language.reading import limits
from arazzo_engine.language.reading.limits import check_counts


def _text(workflows: int, steps: int) -> str:
    listed = ", ".join([f"{{steps: [{', '.join(['{}'] * steps)}]}}"] * workflows)
    return f"{{arazzo: 1.1.0, workflows: [{listed}]}}"


@pytest.mark.parametrize(("workflows", "steps", "told"), [(4, 1, "4 workflows"), (2, 4, "8 steps")])
def test_more_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch, workflows: int, steps: int, told: str) -> None:
    monkeypatch.setattr(limits, "MOST_WORKFLOWS", 3)
    monkeypatch.setattr(limits, "MOST_STEPS", 6)
    with pytest.raises(ArazzoError, match=f"the document has {told}, and at most [36] are read") as refused:
        check_counts(read_document(_text(workflows, steps), "file:///a.yaml"))
    assert [each.code for each in refused.value.diagnostics] == ["document-too-large"]
    check_counts(read_document(_text(3, 2), "file:///a.yaml"))


@pytest.mark.parametrize("sign", ["$", "\\u0024"])
def test_a_text_of_more_expressions_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
    monkeypatch.setattr(limits, "MOST_EXPRESSIONS", 3)
    text = '{"arazzo": "1.1.0", "workflows": [{"summary": "$$$", "outputs": {"a": "' + f"{sign}a" * 4 + '"}}]}'
    with pytest.raises(ArazzoError, match="the text has 4 signs of expressions, and at most 3 are read") as refused:
        check_counts(read_document(text, "file:///a.json"))
    (told,) = refused.value.diagnostics
    assert (told.code, told.location and told.location.pointer) == ("document-too-large", "/workflows/0/outputs/a")
    check_counts(read_document(text.replace(f"{sign}a" * 4, "$a$a$a"), "file:///a.json"))
