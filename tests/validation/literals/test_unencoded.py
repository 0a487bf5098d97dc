"""User and password of Basic authentication in a header without base64: a warning, as a server refuses them."""

from __future__ import annotations

from typing import Any, Final

import pytest
from validated import Findings, validated

SCHEMES: Final = {
    "securitySchemes": {
        "login": {"type": "http", "scheme": "basic"},
        "token": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "Authorization"},
    }
}


_CODES: Final = ("credential-unencoded", "credential-scheme-missing")
_BEFORE: Final = {
    "stepId": "find",
    "operationId": "op",
    "outputs": {"token": "$response.body#/access_token", "header": "$response.body#/header"},
}


def _written(value: Any, name: str = "Authorization", scheme: str = "login", place: str = "header") -> Findings:
    parameter = {"name": name, "in": place, "value": value}
    found = validated({"parameters": [parameter]}, {"security": [{scheme: []}]}, components=SCHEMES, before=_BEFORE)
    return tuple(each for each in found if each.code in _CODES)


@pytest.mark.parametrize(
    "value",
    [
        "Basic {$inputs.sku}:{$inputs.customer}",
        "Basic $inputs.sku:$inputs.customer",
        "basic user:{$inputs.sku}",
        "{$inputs.sku}:{$inputs.customer}",
        "joe:secret",
    ],
)
def test_a_user_and_a_password_that_are_not_encoded_are_told(value: str) -> None:
    (found,) = _written(value)
    assert found.severity.value == "warning"
    assert found.message == (
        "header `Authorization` is sent as it is written: a server takes `Basic` with the base64 of user and password"
    )
    assert found.fix == ("remove it, and give both to a run with `--auth shop.login=user:password`, which encodes them")


def test_a_text_with_a_colon_is_no_pair_where_another_scheme_is_asked_for() -> None:
    assert _written("{$inputs.sku}:x", scheme="token") == ()


def test_a_text_with_a_colon_is_no_pair_where_a_key_of_any_form_will_do() -> None:
    parameter = {"name": "Authorization", "in": "header", "value": "{$inputs.sku}:x"}
    found = validated({"parameters": [parameter]}, {"security": [{"login": []}, {"key": []}]}, components=SCHEMES)
    assert not [each for each in found if each.code in _CODES]


def test_where_no_scheme_encodes_them_the_base64_is_an_input() -> None:
    (found,) = _written("Basic {$inputs.sku}:x", scheme="token")
    assert found.fix == "take the base64 of `user:password` as one input, and write `Basic {$inputs.…}`"


@pytest.mark.parametrize(
    ("value", "name", "place"),
    [
        ("Basic {$inputs.sku}", "Authorization", "header"),
        ("Basic dXNlcjpwYXNzd29yZA==", "Authorization", "header"),
        ("Bearer {$inputs.sku}:{$inputs.customer}", "Authorization", "header"),
        ("Basic facts: all of them", "X-Title", "header"),
        ("Basic {$inputs.sku}:x", "authorization", "query"),
    ],
)
def test_what_may_be_base64_or_is_no_credential_is_left_alone(value: str, name: str, place: str) -> None:
    assert _written(value, name, place=place) == ()


@pytest.mark.parametrize("value", ["$steps.find.outputs.token", "bearer{$inputs.sku}"])
def test_a_token_without_its_scheme_is_told(value: str) -> None:
    (found,) = _written(value, scheme="token")
    assert (found.code, found.severity.value) == ("credential-scheme-missing", "warning")
    assert found.message == "header `Authorization` has no scheme before the token, and is sent as it is written"
    assert found.fix == f"write `Bearer {{{'$inputs.sku' if '{' in value else value}}}`"


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        ("Bearer {$steps.find.outputs.token}", "token"),
        ("$steps.find.outputs.header", "token"),
        # a user may give both together
        ("$inputs.token", "token"),
        ("$steps.find.outputs.token", "login"),
    ],
)
def test_a_value_that_may_have_its_scheme_is_left_alone(value: str, scheme: str) -> None:
    assert _written(value, scheme=scheme) == ()
