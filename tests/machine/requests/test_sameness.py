"""Two requests are the same by value, however they were written, and by nothing less."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arazzo_engine.language.messages.exchange import Request
from arazzo_engine.machine.requests.sameness import is_same_request

_URL = "https://x.example/orders"
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=3)), max_size=5)


def _post(content: bytes, content_type: str, url: str = _URL) -> Request:
    return Request("POST", url, (("Content-Type", content_type),), content)


def _turned(value: Any) -> Any:
    """Return the same value with the members of its objects the other way round."""
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(each) for each in value] if isinstance(value, list) else value


@given(_VALUES)
def test_json_is_the_same_however_it_was_written(value: Any) -> None:
    plain, other = json.dumps(value), json.dumps(_turned(value), indent=2, ensure_ascii=False)
    assert is_same_request(_post(plain.encode(), _JSON), _post(other.encode(), f"{_JSON}; charset=utf-8"))


@given(_VALUES, _VALUES)
def test_other_json_is_not_the_same(one: Any, other: Any) -> None:
    # texts with sorted members tell true from 1, as JSON does
    texts = [json.dumps(each, sort_keys=True) for each in (one, other)]
    requests = [_post(json.dumps(each).encode(), _JSON) for each in (one, other)]
    assert is_same_request(*requests) == (texts[0] == texts[1])


@given(_FIELDS)
def test_fields_have_no_order_but_those_of_one_name(fields: list[tuple[str, str]]) -> None:
    ordered = urlencode(sorted(fields, key=lambda field: field[0], reverse=True))
    plain = urlencode(fields)
    assert is_same_request(_post(plain.encode(), _FORM), _post(ordered.encode(), _FORM))
    assert is_same_request(_post(b"", _JSON, f"{_URL}?{plain}"), _post(b"", _JSON, f"{_URL}?{ordered}"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (_post(b"1", _JSON), _post(b"1.0", _JSON), True),
        (_post(b"[true]", _JSON), _post(b"[1]", _JSON), False),
        (_post(b"a=1&a=2", _FORM), _post(b"a=2&a=1", _FORM), False),
        (_post(b"a=x+y", _FORM), _post(b"a=x%20y", _FORM), True),
        (_post(b"{}", _JSON), _post(b"{}", _JSON, "https://X.example:443/orders"), True),
        (_post(b"{}", _JSON), _post(b"{}", _JSON, "https://x.example/orders/1"), False),
        (_post(b"{", _JSON), _post(b"{ ", _JSON), False),
        (_post(b"a", "text/plain"), _post(b"a ", "text/plain"), False),
    ],
)
def test_what_is_the_same(one: Request, other: Request, is_same: bool) -> None:
    assert is_same_request(one, other) == is_same


def test_a_part_is_the_same_whatever_stands_between_the_parts() -> None:
    one, other = (
        Request("POST", _URL, (("Content-Type", f"multipart/form-data; boundary={each}"),), each.encode(), {"a": "1"})
        for each in ("x", "y")
    )
    assert is_same_request(one, other)
