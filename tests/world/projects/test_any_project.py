"""Whatever a project file holds, it is read or refused with a place, and never a bug."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from projects import DOCUMENT, write_project

from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.projects.keys import SCALARS, TABLES
from arazzo_engine.world.projects.standing import Choice, stand

if TYPE_CHECKING:
    from pathlib import Path

_BASE: Final = """\
source-dir = ["."] # a note
auth."payments.bearer" = '@env:X'
[servers]
payments = "https://a.example.com"
[env.staging.inputs]
card = { number = 4, tags = [1, "x", 2026-01-01] }
note = \"\"\"
many "lines" \"\"\"
[limits]
max-steps = 1_000
timeout = 1.5e3
"""
_PIECES: Final = st.sampled_from([*"\"'[]{}=.,#\n\\a1é \0", '"' * 3, "'" * 3, "[[", "nan", "env"])
_EDITS: Final = st.lists(
    st.tuples(st.integers(0, len(_BASE)), st.integers(0, 3), st.one_of(st.just(""), _PIECES)), max_size=4
)
_WRITTEN: Final = st.sampled_from(
    ["1", "-1", "0", "1.5", "nan", "inf", "true", '"x"', '""', "[]", '["x"]', "[1]", "{}", "{ a = 1 }", "2026-01-01",
     '"@env:X"', '"@cmd:"', '"@fil:x"', '"https://a.example.com"', '"a\\u0000b"', "[[[]]]", "07:00:00"]
)  # fmt: skip
_KEYS: Final = st.sampled_from(
    [
        *(".".join(path) for path in SCALARS),
        *TABLES,
        *(f"{each}.x" for each in TABLES),
        *("workflows.w.inputs.x", "workflows.w", "y"),
    ]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    write_project(made, "")
    return made


def _look(folder: Path, text: str, env: str | None = None) -> None:
    (folder / "arazzo.toml").write_text(text)
    with suppress(ArazzoError):
        stand(folder / DOCUMENT, Choice(env))


@given(_EDITS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(0, 0, "[env]\n")])
def test_a_file_that_is_almost_right_is_no_bug(folder: Path, edits: list[tuple[int, int, str]]) -> None:
    text = _BASE
    for start, width, piece in edits:
        text = text[:start] + piece + text[start + width :]
    _look(folder, text, "staging")


@given(_KEYS, _WRITTEN, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_of_any_kind_is_taken_or_refused_with_its_place(
    folder: Path, key: str, written: str, is_of_environment: Any
) -> None:
    name = f"env.a.{key}" if is_of_environment else key
    (folder / "arazzo.toml").write_text(f"{name} = {written}\n")
    try:
        stand(folder / DOCUMENT, Choice("a" if is_of_environment else None))
    except ArazzoError as refused:
        places = [str(each.location).rsplit("/", 1)[-1] for each in refused.diagnostics]
        assert all(each.startswith("arazzo.toml:1:") for each in places)
