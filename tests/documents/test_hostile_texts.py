"""Texts made to exhaust the engine end in a diagnostic, soon and without a crash."""

from __future__ import annotations

import time

import pytest
from refusals import place, refused

from arazzo_engine.documents.reading import ReadingLimits, read_document

MANY = 100_000


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("[" * MANY, "file:///a.json"),
        ("[" * MANY + "]" * MANY, "file:///a.json"),
        ('{"a":' * MANY + "1" + "}" * MANY, "file:///a.json"),
        ('[{"a":' * MANY + "1" + "}]" * MANY, "file:///a.yaml"),
        ("[" * MANY, "file:///a.yaml"),
        ("x: " + "[" * MANY, "file:///a.yaml"),
        ("{a: " * MANY, "file:///a.yaml"),
        ("x: " + "{a: " * MANY, "file:///a.yaml"),
        ("- " * MANY + "x", "file:///a.yaml"),
        ("? " * MANY + "x", "file:///a.yaml"),
        ("\n".join(" " * depth + "a:" for depth in range(3000)), "file:///a.yaml"),
    ],
)
def test_a_text_that_nests_without_end_is_refused_soon(text: str, uri: str) -> None:
    started = time.perf_counter()
    (diagnostic,) = refused(text, uri)
    # a key that is a mapping is refused before it can nest
    assert diagnostic.code == ("yaml-feature" if text.startswith("?") else "document-too-deep")
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("uri", ["file:///a.json", "file:///a.yaml"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":[', "]}")])
def test_depth_is_allowed_up_to_the_limit(uri: str, opening: str, closing: str) -> None:
    each = len(closing)
    limits = ReadingLimits(depth=100)
    within = opening * (100 // each) + closing * (100 // each)
    assert read_document(within, uri, limits=limits).value
    (diagnostic,) = refused(f"[{within}]", uri, limits)
    assert diagnostic.code == "document-too-deep"
    assert diagnostic.message == "the document nests deeper than 100"


def test_the_place_of_too_much_depth_is_the_bracket_that_is_too_many() -> None:
    (diagnostic,) = refused('[1, "[[[", {"a": [2]}]', "file:///a.json", ReadingLimits(depth=2))
    assert place(diagnostic) == "1:18"
    (diagnostic,) = refused("a:\n  b:\n    c: 1", "file:///a.yaml", ReadingLimits(depth=2))
    assert place(diagnostic) == "3:5"


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 10)}]" for each in range(1, 12)]
    (diagnostic,) = refused("\n".join(lines), "file:///a.yaml")
    assert diagnostic.code == "document-too-large"
    assert "5,000,000 values" in diagnostic.message


def test_merge_keys_that_multiply_are_refused() -> None:
    wide = ", ".join(f"k{each}: 1" for each in range(1000))
    text = f"a: &a {{{wide}}}\n" + "".join(f"b{each}: {{<<: *a}}\n" for each in range(200))
    (diagnostic,) = refused(text, "file:///a.yaml", ReadingLimits(nodes=100_000))
    assert diagnostic.code == "document-too-large"


def test_aliases_that_deepen_are_refused() -> None:
    lines = ["a0: &a0 [x]", *(f"a{each}: &a{each} [*a{each - 1}]" for each in range(1, 600))]
    (diagnostic,) = refused("\n".join(lines), "file:///a.yaml")
    assert diagnostic.code == "document-too-deep"


def test_depth_and_size_count_what_an_alias_stands_for() -> None:
    text = "a: &a [[x]]\nb: [*a]"
    assert read_document(text, "file:///a.yaml", limits=ReadingLimits(depth=4, nodes=10)).value
    assert refused(text, "file:///a.yaml", ReadingLimits(depth=3))[0].code == "document-too-deep"
    # the mapping, two keys, three nodes for `a`, one list and three nodes again for `b`
    assert refused(text, "file:///a.yaml", ReadingLimits(nodes=9))[0].code == "document-too-large"


@pytest.mark.parametrize("source", ["[" + "1," * 50 + "1]", b"a: " + b"x" * 100])
def test_a_source_larger_than_the_limit_is_refused_unread(source: str | bytes) -> None:
    (diagnostic,) = refused(source, limits=ReadingLimits(size=100))
    assert diagnostic.code == "document-too-large"
    assert read_document(source, "file:///a.yaml", limits=ReadingLimits(size=103)).value
