"""What is said about a text that is not YAML: where, what in plain words, and the fix for what is well known."""

from __future__ import annotations

import pytest
import yaml
from refusals import place, refused


@pytest.fixture(params=["libyaml", "PyYAML's own parser"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    # some wheels of PyYAML come without libyaml
    if request.param == "libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    if request.param != "libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


@pytest.mark.parametrize(
    ("text", "where", "said", "fix"),
    [
        ("a:\n\t- x", "2:1", "a tab indents a line", "indent with spaces"),
        ("a: b\n\tc: d", "2:1", "a tab indents a line", "indent with spaces"),
        ("a: b: c", "1:5", "a value holds `: `", "put the value in quotes"),
        ("- say: hello: you", "1:13", "a value holds `: `", "put the value in quotes"),
        ("é: 😀: c", "1:5", "a value holds `: `", "put the value in quotes"),
        ("a: b\n  c: d", "2:4", "this key is indented more", "line up the keys of one mapping"),
        ("key:value\nb: 1", "2:2", "a `:` before it has no space", "write a space after every `:`"),
        ("a: @x", "1:4", "a value cannot begin with `@`", "put the value in quotes"),
        ("a: `x`", "1:4", "a value cannot begin with ```", "put the value in quotes"),
        ("a: %x", "1:4", "a value cannot begin with `%`", "put the value in quotes"),
        ("%x", "1:3", "a line that begins with `%` is a directive", "put the value in quotes"),
        ("a: */*", "1:4", "a value cannot begin with `*`", "put the value in quotes"),
        ("a: & b", "1:4", "a value cannot begin with `&`", "put the value in quotes"),
        ("a: 1\nb: *nope", "2:4", "the alias `*nope` has no anchor `&nope` before it", "put the text in quotes"),
        ("a: !x!y z", "1:4", "`!` begins a tag", "put the value in quotes"),
        ("a: 'x\nb: y", "1:4", "a quoted value is not closed", "close the quotes"),
        ('a: "x\nb: y', "1:4", "a quoted value is not closed", "close the quotes"),
        ("a: 'it's'", "1:8", "text follows a value that had ended", "put the whole value in quotes"),
        ('a: "x" y', "1:8", "text follows a value that had ended", "put the whole value in quotes"),
        ("a: {id}/x", "1:8", "text follows a value that had ended", "put the whole value in quotes"),
        ('a: "\\d+"', None, "a backslash that escapes nothing", "write `\\\\` for a backslash"),
        ("a: > 3", "1:6", "text follows `|` or `>`", "put the text on the next line"),
        ("a: - b", "1:4", "a list begins on the line of its key", "put the list on the next line"),
        ("a:\n  b: 1\n c: 2", "3:2", "this line fits no mapping before it", "line up the keys of one mapping"),
        ("a:\n  - x\n - y", "3:2", "this line fits no mapping before it", "line up the keys of one mapping"),
        ("- a\nb: c", "2:1", "this line fits no list before it", "line up the `-` of one list"),
        ("a:\n  - b: 1\n   c: 2", "3:4", "this key fits no mapping", "line it up with the keys that it belongs to"),
        ("a: 1\nb\nc: 2", "2:1", "a key has no `:` after it", "write `: ` after the key"),
        ("a: {b: 1\nc: 2", "1:4", "a bracket is not closed", "close the bracket"),
        ("a: [1\nb: 2", "1:4", "a bracket is not closed", "close the bracket"),
        ("a: }", "1:4", "`}` stands where a value must be", "put the value in quotes"),
        ("%YAML 3.0\n---\na", "1:1", "neither YAML 1.1 nor YAML 1.2", "remove the `%YAML` line"),
        ("é: 1\nb: x\x00", "2:5", "the control character U+0000", "remove the character"),
        ("é: 1\nb: \x7f", "2:4", "the control character U+007F", "remove the character"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_yaml_is_told_with_its_place_and_a_fix(
    text: str, where: str | None, said: str, fix: str
) -> None:
    (diagnostic,) = refused(text, "file:///a.yaml")
    assert diagnostic.code == "malformed-yaml"
    # the two parsers differ by one character in where an escape stands
    assert where is None or place(diagnostic) == where
    assert said in diagnostic.message
    assert fix in diagnostic.fix


def test_the_excerpt_is_the_line_that_is_wrong() -> None:
    (diagnostic,) = refused("ok: 1\r\ntitle: Pets: a story\r\n", "file:///a.yaml")
    assert diagnostic.location is not None
    assert diagnostic.location.source == "title: Pets: a story"


@pytest.mark.parametrize("text", ["a: \ud800", '"\\UFFFFFFFF"', '"\\U00110000"'])
def test_a_character_that_does_not_exist_is_refused(text: str) -> None:
    assert [each.code for each in refused(text, "file:///a.yaml")] == ["malformed-yaml"]
