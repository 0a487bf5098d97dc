"""The page for contributors names files that exist, the checks that are run, and every kind of thing that is added."""

from __future__ import annotations

import re
from typing import Final

import places
import pytest

_PAGE: Final = (places.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_README: Final = (places.ROOT / "README.md").read_text(encoding="utf-8")
_SECTIONS: Final = dict(re.findall(r"^## (.+)\n((?:.*\n)+?)(?=^## |\Z)", _PAGE, re.MULTILINE))


def files_named(text: str) -> list[str]:
    """Return the paths in backticks; what stands in angle brackets may be any name."""
    named = re.findall(r"`([\w./<>-]+(?:/|\.(?:py|md|txt|tsv|json|yaml|toml)))`", text)
    return [re.sub(r"<[\w-]+>", "*", name) for name in named]


@pytest.mark.parametrize("path", sorted(set(files_named(_PAGE))))
def test_what_is_named_exists(path: str) -> None:
    assert any(places.ROOT.glob(path.rstrip("/")))


@pytest.mark.parametrize("what", ["a diagnostic", "a repair", "a conformance case", "a command"])
def test_each_way_to_add_something_leads_from_file_to_file(what: str) -> None:
    steps = re.findall(r"^\d\. ((?:.*\n)+?)(?=\d\. |\n|\Z)", _SECTIONS[f"How to add {what}"], re.MULTILINE)
    assert len(steps) >= 4
    assert all(files_named(step) for step in steps)


def test_the_checks_are_those_of_the_readme() -> None:
    checks = re.findall(r"^pip install -e '\.\[test\]' &&.*$", _README, re.MULTILINE)
    assert len(checks) == 1
    assert checks[0] in _PAGE.splitlines()


def test_a_path_with_any_name_in_it_is_found() -> None:
    assert files_named("`a/<id>/b.py`, `a/b/` and `--option`") == ["a/*/b.py", "a/b/"]
