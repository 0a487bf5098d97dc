"""What a line has room for of the outputs of a step."""

from __future__ import annotations

import pytest

from arazzo_engine.reporting.ending.outputs import LONGEST, outputs_in_words
from arazzo_engine.reporting.masking import Masker


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1, 1200])
def test_a_long_value_is_cut_at_a_stated_length(length: int) -> None:
    shown = "x" * LONGEST if length == LONGEST else "x" * (LONGEST - 1) + "…"
    assert outputs_in_words({"a": "x" * length, "b": 1}, Masker()) == f"a {shown}, b 1"


def test_a_secret_is_masked_before_it_could_be_cut() -> None:
    secret = "opens-it-all"
    masker = Masker()
    masker.learn([secret])
    told = outputs_in_words({"a": "x" * (LONGEST - 4) + secret}, masker)
    assert told == "a " + "x" * (LONGEST - 4) + "***"


def test_an_object_or_a_list_named_like_a_secret_is_told_by_its_size_and_a_text_not_at_all() -> None:
    outputs = {"access_token": {"token": "t0ken", "scope": "read"}, "tokens": ["t0ken"], "password": "s3cret"}
    assert outputs_in_words(outputs, Masker()) == "access_token {2 members}, tokens [1 element], password ***"
