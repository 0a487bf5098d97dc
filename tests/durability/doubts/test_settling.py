"""What a person says of a request in doubt: an answer that cannot be used is told as an answer, and not as inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arazzo_engine import ArazzoError
from arazzo_engine.durability.doubts.settling import settlement_of
from arazzo_engine.durability.runs import State

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('{"receipt": "r"}', "an answer has no field `receipt`"),
        ('{"body": {}}', "the `status` of an answer is a number"),
        ("[]", "the answer must be an object"),
        (None, "the answer cannot be read"),
    ],
)
def test_an_answer_that_cannot_be_used_is_told_as_an_answer(tmp_path: Path, written: str | None, told: str) -> None:
    file = tmp_path / "answer.json"
    if written is not None:
        file.write_text(written)
    with pytest.raises(ArazzoError) as refused:
        settlement_of("happened", str(file), 0.0)
    (problem,) = refused.value.diagnostics
    assert (problem.code, told in problem.message) == ("answer-invalid", True)
    assert "status" in problem.why or "status" in problem.fix


def test_a_state_is_said_in_words() -> None:
    assert [State.FAILED.said, State.SUCCEEDED.said] == ["failed", "succeeded"]
    assert [State.STOPPED.said, State.IN_DOUBT.said] == ["is stopped", "is in doubt"]
