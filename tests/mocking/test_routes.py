"""Which operation a request means, however its path is spelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mocked import ask, described, mock_of_paths

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("template", "asked"),
    [
        ("/a b", "/a%20b"),
        ("/ünï", "/%C3%BCn%c3%af"),
        ("/a:b", "/a%3Ab"),
        ("/f/{n}.json", "/f/x%2fy.json"),
        ("/a", "/%61"),
    ],
)
def test_a_path_is_found_however_it_is_encoded(tmp_path: Path, template: str, asked: str) -> None:
    named = {"parameters": [{"name": "n", "in": "path", "required": True}]} if "{" in template else {}
    get = {"get": described("200")}
    mock = mock_of_paths(tmp_path, {"/first": get, template: {**named, **get}})
    assert ask(mock, "GET", asked).response.status == 200
