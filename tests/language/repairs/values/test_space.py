"""Space around an expression or an id is left out where it can only be left over, and stays where it may be meant."""

from __future__ import annotations

import pytest

from arazzo_engine.language.repairs.corrections import correct
from arazzo_engine.language.repairs.names import Names
from arazzo_engine.language.repairs.sites import Kind, Site
from arazzo_engine.language.repairs.soundness import is_sound
from arazzo_engine.vocabulary import Vocabulary

_NAMES = Names(
    inputs=frozenset({"token"}),
    step_ids=Vocabulary(("find", "pay ")),
    steps={"find": None, "pay ": None},
    workflow_ids=Vocabulary(("other",)),
    workflows={"other": None},
    sources=Vocabulary(("shop",)),
)


def _read(kind: Kind, text: str) -> object:
    site = Site(kind, text, ("x",), _NAMES)
    value, made = correct(site)
    assert not (made and is_sound(site))
    return value


@pytest.mark.parametrize("kind", [Kind.VALUE, Kind.PARAMETER, Kind.ARGUMENT, Kind.OUTPUT])
@pytest.mark.parametrize("end", [" ", "\n", "\r\n", " \n", "\t"])
def test_nothing_stands_behind_an_expression(kind: Kind, end: str) -> None:
    assert _read(kind, f"$inputs.token{end}") == "$inputs.token"
    assert (
        _read(kind, f"$response.body#/id\n{end}" if end == "\r\n" else "$response.body#/id\n") == "$response.body#/id"
    )


def test_nothing_stands_before_an_output_and_a_sent_text_may_begin_with_space() -> None:
    assert _read(Kind.OUTPUT, "  $inputs.token ") == "$inputs.token"
    assert _read(Kind.VALUE, " $inputs.token") == " $inputs.token"


@pytest.mark.parametrize("text", ["$response.body#/id ", "$5.00 ", "to $inputs.token ", " ", "", "a\n"])
def test_what_may_be_meant_so_stays(text: str) -> None:
    assert _read(Kind.VALUE, text) == text


def test_an_id_has_no_space_around_it_unless_one_is_called_so() -> None:
    assert _read(Kind.STEP_ID, " find\n") == "find"
    assert _read(Kind.STEP_ID, "pay ") == "pay "
    assert _read(Kind.STEP_ID, "nobody ") == "nobody "
    assert _read(Kind.WORKFLOW_ID, "other ") == "other"
    assert _read(Kind.WORKFLOW_ID, " $sourceDescriptions.shop.order ") == "$sourceDescriptions.shop.order"
    assert _read(Kind.OPERATION_ID, " $sourceDescriptions.shop.find") == "$sourceDescriptions.shop.find"
    assert _read(Kind.OPERATION_ID, " find") == " find"
