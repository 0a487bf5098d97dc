"""Secrets are masked by value, in every form they can take on the way to a reader."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from encoders import ENCODERS
from hypothesis import given, settings
from hypothesis import strategies as st

from arazzo_engine.reporting.masking import Masker

SECRET = 'p"ä ss/w+rd&1'
LONG = "p@ss/W\"ord+é1's<\\n\n🔑"


@pytest.fixture
def masker() -> Masker:
    masker = Masker()
    masker.learn([SECRET, "abc"])
    return masker


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
    ],
)
def test_a_secret_is_masked_in_each_form(form: str, masker: Masker) -> None:
    assert SECRET not in masker.text(f"before {form} after")
    assert "***" in masker.text(f"before {form} after")
    assert "rd" not in masker.text(f"before {form} after")


@pytest.mark.parametrize("name", ENCODERS)
def test_nothing_of_a_secret_is_left_whatever_wrote_it_again(name: str) -> None:
    masker = Masker()
    masker.learn([LONG])
    masked = masker.text(f"<<{ENCODERS[name](LONG)}>>")
    # of other bytes in the same group of base64 there may be something left
    assert re.fullmatch(r"<<\w{0,2}\*\*\*\w*=*>>", masked), masked


@pytest.mark.parametrize("name", ENCODERS)
@settings(max_examples=10, deadline=None)
@given(
    secret=(st.text(min_size=4, max_size=20) | st.text("\\\"'/%&u0025cn \néx", min_size=4, max_size=12)).filter(
        lambda text: "*" not in text
    )
)
def test_no_secret_is_found_again_in_what_was_masked(name: str, secret: str) -> None:
    encoded = ENCODERS[name](secret)
    masker = Masker()
    masker.learn([secret])
    for around in ('{"a": "%s"}', "x=%s&y", "%s"):
        assert encoded not in masker.text(around.replace("%s", encoded))
    assert encoded not in json.dumps(masker.value({encoded: [encoded]}), ensure_ascii=False)


# what is no escape in a secret looks like one, after what is escaped and before it
_LOOKING_ALIKE = ('"%22', "\\u0022x", "'&quot;a", "/%2F%2522", '"&#34;"', '%22"n', '\\"x22&', '""&amp;%2')


@pytest.mark.parametrize("secret", _LOOKING_ALIKE)
def test_a_secret_that_holds_what_looks_like_an_escape_is_masked(secret: str) -> None:
    masker = Masker()
    masker.learn([secret])
    left = {name: masker.text(f"-{encode(secret)}-") for name, encode in ENCODERS.items()}
    assert {name: text for name, text in left.items() if not re.fullmatch(r"-\w?\w?\*\*\*\w*=*-", text)} == {}


@given(secrets=st.lists(st.text("ab1/", min_size=1, max_size=6), min_size=1, max_size=5))
def test_of_secrets_that_contain_or_overlap_each_other_nothing_is_left(secrets: list[str]) -> None:
    masker = Masker()
    masker.learn(secrets)
    masked = masker.text(" ".join(secrets))
    assert re.fullmatch(r"[* ]+", masked), masked


@pytest.mark.parametrize("run", ["\\", "'", '"', "/", "\\'", "%25", "&amp;", " +", "\\u005c", "\\n", '" \u00e9'])
def test_a_run_of_escaped_characters_does_not_make_masking_slow(run: str) -> None:
    # were each way to share out the run tried, this would not end
    masker = Masker()
    masker.learn([run * 40 + "x"])
    assert masker.text(run * 79 + "!x") == run * 79 + "!x"
    assert "***" in masker.text(run * 40 + "x")


def test_secrets_that_overlap_are_replaced_as_one() -> None:
    masker = Masker()
    masker.learn(["abcdef", "defghi", "cdef"])
    assert masker.text("-abcdefghi-cdef-") == "-***-***-"


def test_a_short_secret_after_an_escape_stands_alone(masker: Masker) -> None:
    assert masker.text(json.dumps({"a": "x\nabc"})) == '{"a": "x\\n***"}'


@given(number=st.one_of(st.integers(min_value=1000), st.floats(1000, allow_nan=False, allow_infinity=False)))
def test_a_number_is_masked_wherever_it_stands(number: float) -> None:
    masker = Masker()
    masker.learn([json.dumps(number)])
    assert masker.value({"a": [number, f"is {number}"]}) == {"a": ["***", "is ***"]}


def test_a_short_secret_is_masked_where_it_stands_alone(masker: Masker) -> None:
    assert masker.text("abc, abcd, (abc) xabc") == "***, abcd, (***) xabc"


def test_secrets_are_masked_in_values_and_names(masker: Masker) -> None:
    value = {"a": [SECRET, 1, None, True], SECRET: {"b": f"x{SECRET}y"}}
    assert masker.value(value) == {"a": ["***", 1, None, True], "***": {"b": "x***y"}}


def test_a_number_that_is_a_secret_is_masked() -> None:
    masker = Masker()
    masker.learn(["123456"])
    assert masker.value({"pin": 123456, "n": 12345}) == {"pin": "***", "n": 12345}


def test_basic_credentials_are_masked_encoded_and_apart() -> None:
    from arazzo_engine.apis.security.credentials import Credential, Credentials

    masker = Masker()
    masker.learn(Credentials({("", "login"): Credential("me:long-password")}).values())
    encoded = base64.b64encode(b"me:long-password").decode()
    assert masker.text(f"Basic {encoded} / long-password / me:long-password") == "Basic *** / *** / ***"
