"""What would run in the browser that shows a description, and what is only text that looks alike."""

from __future__ import annotations

import time

import pytest

from arazzo_engine.language.reading.markup import unsafe_markup


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a <script>b</script>", "a `<script>`"),
        ("a <SCRIPT src=x>", "a `<script>`"),
        ("<img src=x onerror=alert(1)>", "an event handler"),
        ("<a\nonclick = 'x'>", "an event handler"),
        ("[x]( javascript:alert(1))", "a link that is a script"),
        ("<a href='JavaScript:x'>", "a link that is a script"),
    ],
)
def test_what_would_run_is_found(text: str, what: str) -> None:
    found = unsafe_markup(text)
    assert found is not None
    assert found[0] == what


@pytest.mark.parametrize(
    "text",
    [
        *("a < b and one = 2", "the <b>onion</b> = 3", "`javascript: void`", "[x](https://a.example/javascript:)"),
        *("<scripture>", "1 <on= 2", "a <- [b](c)", 7, None, ["<script>"]),
    ],
)
def test_what_only_looks_alike_is_not_found(text: object) -> None:
    assert unsafe_markup(text) is None


@pytest.mark.parametrize("text", ["<a" * 50_000, "<a " + " on" * 50_000, "href=" + " " * 100_000, "](" * 50_000])
def test_a_long_text_is_looked_at_in_a_moment(text: str) -> None:
    started = time.perf_counter()
    unsafe_markup(text + "avascript:")
    assert time.perf_counter() - started < 1
