"""What a document or its user does not want to be told is left out of a check, and what is left out in vain is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import places
import pytest

from arazzo_engine import ArazzoError, Engine

if TYPE_CHECKING:
    from collections.abc import Callable

_CONDITION: Final = "    - condition: $statusCode == 200"
_BROKEN: Final = "    - condition: $statusCode => 200"


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, int]]]:
    """Return what is found in the shop's document after some of it was replaced, with the options of an engine."""
    for document in places.SHOP.iterdir():
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)

    def check(*edits: tuple[str, str], **options: Any) -> list[tuple[str, int]]:
        text = (places.SHOP / "orders.arazzo.yaml").read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        Path("orders.arazzo.yaml").write_text(text)
        with Engine(**options) as engine:
            told = engine.validate("orders.arazzo.yaml")
        return [(each.code, each.location.line if each.location else 0) for each in told]

    return check


def test_a_comment_ignores_a_code_in_its_line(found: Callable[..., list[tuple[str, int]]]) -> None:
    assert [code for code, _ in found((_CONDITION, _BROKEN))] == ["invalid-condition"]
    assert found((_CONDITION, f"{_BROKEN} # arazzo-ignore: invalid-condition")) == []
    several = found((_CONDITION, f"{_BROKEN} # why not? # arazzo-ignore: invalid-query, invalid-condition"))
    assert several == [("ignore-unused", 27)]


@pytest.mark.parametrize(
    "why",
    [
        " because the server says so",
        " -- a long-known slip, as the well-known server has it",
        "; see ticket 12",
        ": the server says so",
        " (until spring, at least)",
        ", as agreed",
        ". It stays.",
        " - repaired by hand later",
    ],
)
def test_a_comment_may_say_why_behind_its_codes(why: str, found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, f"{_BROKEN} # arazzo-ignore: invalid-condition{why}")) == []
    assert found((_CONDITION, f"{_CONDITION} # arazzo-ignore: invalid-conditoin{why}")) == [("ignore-unused", 27)]


@pytest.mark.parametrize("listed", ["invalid-condition, invalid-qury", "invalid-condition invalid-query"])
def test_each_code_of_a_list_is_read(listed: str, found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, f"{_CONDITION} # arazzo-ignore: {listed}")) == [("ignore-unused", 27)] * 2


def test_a_comment_that_stands_alone_is_about_the_next_line(found: Callable[..., list[tuple[str, int]]]) -> None:
    above = "    # arazzo-ignore: invalid-condition\n    # it is meant so\n\n"
    assert found((_CONDITION, above + _BROKEN)) == []
    far = found((_CONDITION, "    # arazzo-ignore: invalid-condition\n" + _CONDITION + "\n" + _BROKEN))
    assert [code for code, _ in far] == ["invalid-condition"]


def test_a_comment_may_be_about_the_whole_file(found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, _BROKEN), ("arazzo:", "# arazzo-ignore-file: invalid-condition\narazzo:")) == []


def test_text_that_only_looks_like_a_comment_ignores_nothing(found: Callable[..., list[tuple[str, int]]]) -> None:
    title = "title: 'Order # arazzo-ignore-file: invalid-condition'"
    assert [code for code, _ in found((_CONDITION, _BROKEN), ("title: Order a thing", title))] == ["invalid-condition"]
    block = "title: Order a thing\n  description: |\n    # arazzo-ignore-file: invalid-condition\n    text"
    assert [code for code, _ in found((_CONDITION, _BROKEN), ("title: Order a thing", block))] == ["invalid-condition"]


def test_what_is_ignored_in_vain_is_told_and_where(found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found(("title: Order a thing", "title: Order a thing # arazzo-ignore: invalid-query")) == [
        ("ignore-unused", 3)
    ]
    # a check that was cut short does not know
    broken = found((_CONDITION, _BROKEN), ("title: Order a thing", "title: x # arazzo-ignore: invalid-query"))
    assert [code for code, _ in broken] == ["invalid-condition"]


@pytest.mark.parametrize(
    "comment",
    ["# arazzo-ignore", "# arazzo-ignore ", "# arazzo-ignore:", "# arazzo-ignore-file", "# arazzo-ignore repaired"],
)
def test_a_comment_that_names_no_code_is_told(comment: str, found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, f"{_CONDITION} {comment}")) == [("ignore-unused", 27)]
    assert found((_CONDITION, f"{_CONDITION} {comment.rstrip()} is no word here")) == [] or comment.endswith(":")


def test_an_extension_ignores_codes_in_its_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    step: dict[str, Any] = {"stepId": "one", "workflowId": "w", "successCriteria": [{"condition": "1 => 1"}]}
    document = {"arazzo": "1.1.0", "info": {"title": "t", "version": "1"}, "sourceDescriptions": []}

    def codes(step: dict[str, Any]) -> set[str]:
        workflow = {"workflowId": "w", "steps": [step]}
        with Engine() as engine:
            told = engine.validate(json.dumps({**document, "workflows": [workflow]}), base="w.json")
        return {each.code for each in told}

    assert "invalid-condition" in codes(step)
    assert "invalid-condition" not in codes({**step, "x-arazzo-ignore": ["invalid-condition"]})
    assert "invalid-condition" not in codes({**step, "x-arazzo-ignore": "invalid-query, invalid-condition"})
    elsewhere = {**step, "parameters": [{"name": "a", "value": 1, "x-arazzo-ignore": ["invalid-condition"]}]}
    assert "invalid-condition" in codes(elsewhere)


def test_an_option_ignores_codes_everywhere(found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, _BROKEN), ignore=["invalid-query,invalid-condition"]) == []
    with pytest.raises(ArazzoError, match="did you mean `invalid-condition`"):
        Engine(ignore=["invalid-conditoin"])


def test_a_run_is_refused_whatever_is_ignored(found: Callable[..., list[tuple[str, int]]]) -> None:
    assert found((_CONDITION, f"{_BROKEN} # arazzo-ignore: invalid-condition")) == []
    with Engine(ignore=["invalid-condition"]) as engine, pytest.raises(ArazzoError, match="invalid-condition"):
        engine.load("orders.arazzo.yaml")
