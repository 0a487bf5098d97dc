"""Secrets are masked by value, in every form they can take on the way to a reader."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from arazzo_engine.cli.masking import Masker

SECRET = 'p"ä ss/w+rd&1'


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
    from arazzo_engine.apis.security import Credential, Credentials

    masker = Masker()
    masker.learn(Credentials({("", "login"): Credential("me:long-password")}).values())
    encoded = base64.b64encode(b"me:long-password").decode()
    assert masker.text(f"Basic {encoded} / long-password / me:long-password") == "Basic *** / *** / ***"
