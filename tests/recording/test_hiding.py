"""A secret is hidden in every encoding, consistently: the run that is given the stand-ins writes what is recorded."""

from __future__ import annotations

import base64
import json
import re

import hypothesis.strategies as st
import pytest
from encoders import ENCODERS
from hypothesis import given, settings

from arazzo_engine.recording.hiding.replacing import Hiding

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), max_size=12).map("Zq7{}9Kx".format)
# an encoder writes the same of both, unless nothing in what it wrote tells which way it took
_AMBIGUOUS = frozenset({"base64url", "Python", "upper case", "JSON with upper case", "percent, lower case", "form"})


def _knowing(*secrets: str) -> Hiding:
    hiding = Hiding()
    hiding.learn(secrets)
    return hiding


def _stand_in(hiding: Hiding, secret: str) -> str:
    return hiding.stand_ins.by_secret[secret]


@pytest.mark.parametrize("name", ENCODERS)
@settings(max_examples=8)
@given(secret=_texts)
def test_a_secret_is_hidden_in_every_encoding(name: str, secret: str) -> None:
    encode, hiding = ENCODERS[name], _knowing(secret)
    for outer in (str, json.dumps):
        text = outer(f"x: {encode(secret)} ;")
        hidden = hiding.text(text)
        assert encode(secret) not in hidden
        assert outer(encode(secret)).strip('"') not in hidden
        if name not in _AMBIGUOUS and name != "percent twice":
            assert hidden == outer(f"x: {encode(_stand_in(hiding, secret))} ;")


@pytest.mark.parametrize("secret", ['"%22', "\\u0022x9", "/%2F%2522", "'&quot;a", 'pa"%22ss9word'])
def test_a_secret_that_holds_what_looks_like_an_escape_is_hidden(secret: str) -> None:
    written = {name: encode(secret) for name, encode in ENCODERS.items()}
    assert [name for name, text in written.items() if text in _knowing(secret).text(f"<<{text}>>")] == []


@pytest.mark.parametrize(
    ("secret", "alike"),
    [
        ("s3cret-token-1", r"[a-z]\d[a-z]{4}-[a-z]{5}-\d"),
        ("Abc.DEF:9", r"[A-Z][a-z]{2}\.[A-Z]{3}:\d"),
        ("0123456789abcdef", r"\d{10}[a-f]{6}"),
        ("1234567", r"[1-9]\d{5}[1-9]"),
        ("12.5", r"[1-9]\d\.[1-9]"),
        ("1e+20", r"[1-9]e\+20"),
        ("!!!!", r"[a-z]{4}"),
    ],
)
def test_a_stand_in_is_of_the_same_length_and_kind(secret: str, alike: str) -> None:
    assert re.fullmatch(alike, _stand_in(_knowing(secret), secret))


def test_equal_secrets_have_the_same_stand_in_and_others_another_one() -> None:
    hiding = _knowing("1", "2", "3", "4", "5", "6", "7", "8")
    made = [_stand_in(hiding, str(number)) for number in range(1, 9)]
    assert len({*made}) == len(made)
    assert hiding.text("1 and 1") == f"{made[0]} and {made[0]}"


def test_a_stand_in_says_nothing_of_its_secret() -> None:
    assert _stand_in(_knowing("hunter2"), "hunter2") == _stand_in(_knowing("abcdef9"), "abcdef9")


def test_secrets_that_are_parts_of_each_other_have_stand_ins_that_are() -> None:
    pair = "me:hunter2"
    encoded = base64.b64encode(pair.encode()).decode()
    hiding = _knowing(pair, "hunter2", encoded, f"Basic {encoded}")
    password, both = _stand_in(hiding, "hunter2"), _stand_in(hiding, pair)
    assert both.endswith(f":{password}")
    assert _stand_in(hiding, encoded) == base64.b64encode(both.encode()).decode()
    assert hiding.text(f"Basic {encoded}") == f"Basic {_stand_in(hiding, encoded)}"


def test_a_secret_that_is_learned_later_is_the_part_that_it_was() -> None:
    hiding = _knowing("a-longer-secret-1")
    whole = _stand_in(hiding, "a-longer-secret-1")
    hiding.learn(["secret-1"])
    assert whole.endswith(_stand_in(hiding, "secret-1"))


def test_a_word_is_no_secret_where_it_is_a_name() -> None:
    hiding = _knowing("token")
    made = _stand_in(hiding, "token")
    assert hiding.text('{"token": "token", "mytoken": 1}') == f'{{"token": "{made}", "mytoken": 1}}'
    assert hiding.text("token=token") == f"token={made}"


def test_a_short_secret_is_hidden_where_it_stands_alone() -> None:
    hiding = _knowing("ab")
    assert hiding.text("ab about cab") == f"{_stand_in(hiding, 'ab')} about cab"


def test_the_text_of_a_document_keeps_its_words() -> None:
    hiding = _knowing("string", "s3cret-token-1")
    text = hiding.document("type: string\ndefault: s3cret-token-1\n")
    assert text == f"type: string\ndefault: {_stand_in(hiding, 's3cret-token-1')}\n"
