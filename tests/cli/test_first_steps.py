"""What a person types at first is answered in words that are true, and that say what to type next."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from loopback import RecordingServer

_SHOP = places.SHOP
_SCHEMA = json.loads((places.ROOT / "arazzo_engine" / "reporting" / "report.schema.json").read_text())
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


def test_a_member_that_is_missing_is_asked_for_where_it_belongs(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("orders.arazzo.yaml", "note: { type: string }", "who: { type: object, required: [name] }")
    _edit("orders.arazzo.yaml", "        note: $inputs.note\n", "")
    assert run_command(["rehearse", "orders.arazzo.yaml", "-i", "who={}"]) == 2
    told = capsys.readouterr().err
    assert "input `who.name` is missing" in told
    assert "= fix: add it to the JSON of `-i who=…`, or in the file of `--inputs`" in told


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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$response.body#/id", "$outputs.id", "= fix: write `$response.body#/id`, which the answer is described with"),
        ("$inputs.note", "$outputs.note", "= fix: use `$steps.<stepId>.outputs.<name>`"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_what_to_write(
    old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit("orders.arazzo.yaml", old, new)
    assert run_command(["validate", "orders.arazzo.yaml"]) == 3
    assert said in capsys.readouterr().out


def test_a_type_that_is_none_is_told_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("orders.arazzo.yaml", "note: { type: string }", "note: { type: strng }")
    assert run_command(["validate", "orders.arazzo.yaml"]) == 3
    told = capsys.readouterr().out
    assert "there is no type `strng`" in told
    assert "--> orders.arazzo.yaml:18:21" in told
    assert "did you mean `string`?" in told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("info: {title: 'Make a thing, version: 1.0.0}\na: 'b'\n", ":1:15"),
        ('info: {title: "Make a thing, version: 1.0.0}\na: "b"\n', ":1:15"),
        ("info: [x, 'y]\na: 'b'\n", ":1:11"),
    ],
)
def test_a_quote_that_is_not_closed_is_told_at_the_quote(
    text: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("quoted.yaml").write_text(text)
    assert run_command(["show", "quoted.yaml"]) == 3
    told = capsys.readouterr().err
    assert "a quoted value is not closed on its line" in told
    assert f"--> quoted.yaml{place}" in told


def test_a_bracket_that_is_not_closed_is_no_matter_of_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("quoted.yaml").write_text("info: {title: 'Make a thing', version: 1.0.0\na: 'b'\n")
    assert run_command(["show", "quoted.yaml"]) == 3
    assert "a bracket is not closed" in capsys.readouterr().err


def test_what_a_rehearsal_makes_up_fits_patterns_and_closed_objects(capsys: pytest.CaptureFixture[str]) -> None:
    code = "{ type: string, pattern: '^[0-9]{4}$' }"
    closed = "{ oneOf: [{ type: object, required: [a], properties: { a: { type: string }, b: false } }] }"
    _edit("orders.arazzo.yaml", "    properties:\n", f"    properties:\n      code: {code}\n      who: {closed}\n")
    _edit("orders.arazzo.yaml", "[token, item, amount]", "[token, item, amount, code, who]")
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 0
    told = capsys.readouterr().err
    assert 'made up: code = "0000"' in told
    assert 'made up: who = {"a": "sample"}' in told


def test_of_many_things_that_are_made_up_a_dozen_lines_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"extra{number:02}" for number in range(30)]
    _edit(
        "orders.arazzo.yaml",
        "    properties:\n",
        "    properties:\n" + "".join(f"      {name}: {{ type: string }}\n" for name in names),
    )
    _edit("orders.arazzo.yaml", "[token, item, amount]", f"[token, item, amount, {', '.join(names)}]")
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("made up: ")]
    assert len(told) == 12
    assert told[-1] == "made up: 23 more; `-v` lists them"
    assert run_command(["rehearse", "orders.arazzo.yaml", "-v"]) == 0
    assert capsys.readouterr().err.count("made up: ") == 34


def test_what_was_made_up_is_not_told_where_the_rehearsal_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("orders.arazzo.yaml", "operationId: charge", "operationId: nowhere")
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 3
    told = capsys.readouterr().err
    assert "operation-not-found" in told
    assert "made up: " not in told


def test_an_output_that_names_nothing_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    _edit("orders.arazzo.yaml", "$steps.charge.outputs.receipt", "$steps.charge.outputs.nothing")
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 0
    told = capsys.readouterr().err
    assert told.count("warning[") == told.count("warning[unknown-output]") == 1


def test_what_a_rehearsal_cannot_make_up_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _edit(
        "orders.arazzo.yaml",
        "    properties:\n",
        "    properties:\n      code: { type: string, pattern: '^(\\d)\\1$' }\n",
    )
    _edit("orders.arazzo.yaml", "[token, item, amount]", "[token, item, amount, code]")
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 2
    told = capsys.readouterr().err
    assert "the value made up for input `code` does not match the pattern `^(\\d)\\1$`" in told
    assert "= fix: give one that fits with `-i code=…`, or in the file of `--inputs`" in told
    assert run_command(["rehearse", "orders.arazzo.yaml", "-i", "code=11"]) == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (["run", "orders.arazzo.yaml", "--nope"], 2, "option-invalid"),
        (["run", "orders.arazzo.yaml", "--timeout", "soon"], 2, "option-invalid"),
        (["rehearse", "nowhere.yaml"], 3, "source-not-found"),
        (["validate", "orders.arazzo.yaml", "--nope"], 2, "option-invalid"),
    ],
)
def test_a_command_that_is_refused_says_so_in_its_format(
    arguments: list[str], exit_code: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*arguments, "--format", "json"]) == exit_code
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["diagnostics"]] == [code]
    if arguments[0] == "validate":
        return
    jsonschema.validate(told, _SCHEMA)
    assert run_command([*arguments, "--format=jsonl"]) == exit_code
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"event": "run-refused", "report": told}
    assert run_command(arguments) == exit_code
    assert capsys.readouterr().out == ""


def test_a_bug_is_told_in_the_format_of_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret-token")

    monkeypatch.setattr("arazzo_engine.cli.opening.open_program", broken)
    assert run_command(["run", "orders.arazzo.yaml", "--format", "json"]) == 70
    told = capsys.readouterr()
    report = json.loads(told.out)
    jsonschema.validate(report, _SCHEMA)
    assert [each["code"] for each in report["diagnostics"]] == ["engine-bug"]
    assert "secret-token" not in told.out + told.err


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
def test_a_bug_in_the_middle_of_a_run_loses_no_step_that_was_sent(
    format_: str, server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    server.script("POST", "/charges", Reply(201, body={"receipt": "receipt-1"}))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret-token")

    monkeypatch.setattr("arazzo_engine.machine.interpreter._leave", broken)
    run = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, "--format", format_]
    assert run_command(run) == 70
    told = capsys.readouterr()
    assert "secret-token" not in told.out + told.err
    assert "this is a bug in arazzo_engine" in told.err
    if format_ == "text":
        assert "error[engine-bug]" in told.err
        return
    if format_ == "json":
        report = json.loads(told.out)
        jsonschema.validate(report, _SCHEMA)
        steps = report["steps"]
        assert [each["code"] for each in report["diagnostics"]] == ["engine-bug"]
    else:
        events = [json.loads(line) for line in told.out.splitlines()]
        steps = [each["step"] for each in events if each["event"] == "step-finished"]
        assert [each["event"] for each in events[-2:]] == ["run-stopping", "run-finished"]
    assert [(each["stepId"], each["status"]) for each in steps] == [("find", "succeeded"), ("charge", "succeeded")]


def test_a_bug_after_an_answer_loses_no_step_that_was_answered(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret-token")

    server.script("GET", "/items/book", Reply(200, body={"id": "item-1", "price": 3.5}))
    monkeypatch.setattr("arazzo_engine.machine.attempts.judge_criteria", broken)
    run = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", "--server", server.url, "--format", "json"]
    assert run_command(run) == 70
    told = capsys.readouterr()
    report = json.loads(told.out)
    jsonschema.validate(report, _SCHEMA)
    (find,) = report["steps"]
    assert (find["stepId"], find["status"], find["response"]["status"]) == ("find", "failed", 200)
    assert find["notes"] == ["the run ended before the answer was judged"]
    (bug,) = report["diagnostics"]
    assert bug["message"].startswith("a bug in the engine ended the run: ZeroDivisionError at test_first_steps.py:")
    assert "secret-token" not in told.out + told.err


@pytest.mark.parametrize("option", ["--timeout", "--step-timeout"])
def test_a_source_that_does_not_come_is_not_waited_for(
    option: str, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    released = threading.Event()
    server.script("GET", "/shop-api.yaml", Reply(200, body="").after(released))
    arguments = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml", option, "0.2"]
    code = run_command([*arguments, "--source", f"shopApi={server.url}/shop-api.yaml"])
    released.set()
    told = capsys.readouterr().err
    assert (code, "error[run-time-limit]" in told) == ((4, True) if option == "--timeout" else (3, False))
    assert "longer than 0.2 s" in told if option == "--timeout" else "within 0.2 s" in told
