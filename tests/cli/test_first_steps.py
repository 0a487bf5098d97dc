"""What a person types at first is answered in words that are true, and that say what to type next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from arazzo_engine.cli import run_command

_SHOP = Path(__file__).parent.parent / "shop"
_TYPED = """\
      n: { type: integer }
      x: { type: number }
      ok: { type: boolean }
      list: { type: array }
      maybe: { type: [string, 'null'] }
"""


@pytest.fixture(autouse=True)
def _documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("orders.arazzo.yaml", "shop-api.yaml", "inputs.yaml"):
        shutil.copy(_SHOP / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def _edit(name: str, old: str, new: str) -> None:
    text = Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new, 1))


def _rehearse(*given: str) -> int:
    _edit("orders.arazzo.yaml", "    properties:\n", f"    properties:\n{_TYPED}")
    options = [part for each in given for part in ("-i", each)]
    return run_command(["rehearse", "orders.arazzo.yaml", "--inputs", "inputs.yaml", *options])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("n=true", "must be an integer, not a boolean"),
        ("n=null", "must be an integer, not null"),
        ("n=[1]", "must be an integer, not a list"),
        ("n=NaN", "= fix: write it as JSON, such as `-i n=42`"),
        ("x=1e400", "= fix: write it as JSON, such as `-i x=1.5`"),
        ("ok=yes", "= fix: write it as JSON, such as `-i ok=true`"),
        ("list=a,b", "= fix: write it as JSON, such as `-i list=[1, 2]`"),
    ],
)
def test_an_input_of_the_wrong_type_is_told_by_the_type_it_has(
    given: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _rehearse(given) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "inputs.yaml" not in told


@pytest.mark.parametrize("given", ["n=3.0", "n=3", "x=3", "ok=false", "list=[]", "maybe=null", "maybe=5"])
def test_an_input_in_words_is_what_it_would_be_in_a_file(given: str) -> None:
    assert _rehearse(given) == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["run", "."], 3, "= fix: name a file: `arazzo list .` lists the documents in it"),
        (["run", "~"], 3, "= fix: name a file that exists"),
        (["run", "orders.arazo.yaml"], 3, "= fix: did you mean `orders.arazzo.yaml`?"),
        (["show", "empty.yaml"], 3, "the document is empty"),
        (["show", "binary.yaml"], 3, "the document is no text"),
        (["explain", "nope"], 2, "= why: the command cannot do what it is asked for in this way"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(
    arguments: list[str], exit_code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty.yaml").write_text("")
    Path("binary.yaml").write_bytes(bytes(range(256)) * 4)
    assert run_command(arguments) == exit_code
    told = capsys.readouterr().err
    assert said in told
    assert "\\x" not in told


def test_a_line_of_control_characters_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    Path("control.yaml").write_bytes(b"a: 1\n" + bytes(range(1, 9)) * 4)
    assert run_command(["show", "control.yaml"]) == 3
    told = capsys.readouterr().err
    assert "the control character U+0001" in told
    assert "\\x" not in told


def test_a_misspelt_place_of_a_parameter_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("orders.arazzo.yaml", "in: path", "in: paht")
    assert run_command(["validate", "orders.arazzo.yaml"]) == 3
    told = capsys.readouterr()
    assert "did you mean `path`?" in told.out
    assert told.err == "1 document: 1 error, 0 warnings\n"


def test_a_server_that_only_the_user_can_know_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path("shop-api.yaml").read_text()
    start = text.index("servers:")
    Path("shop-api.yaml").write_text(text[:start] + "servers: [{ url: /v1 }]\n" + text[text.index("paths:") :])
    assert run_command(["validate", "orders.arazzo.yaml"]) == 0
    told = capsys.readouterr().out
    assert told.count("warning[server-relative]: the server of source description `shopApi` is `/v1`") == 1
    assert "--server shopApi=https://…" in told


def test_an_output_is_one_line_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("shop-api.yaml", "receipt-1", '"one\\ntwo: 2"')
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 0
    assert capsys.readouterr().out == 'receipt: "one\\ntwo: 2"\n'
