"""The commands as a user meets them: what goes to stdout, what to stderr, and which exit code it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import places
import pytest
from loopback import Reply

from arazzo_engine.cli import run_command
from arazzo_engine.cli.usage import COMMANDS, MODULES, help_text
from arazzo_engine.diagnostic_codes import CODES

if TYPE_CHECKING:
    from loopback import RecordingServer

pytestmark = pytest.mark.usefixtures("shop_documents")

_PACKAGE = places.ROOT / "arazzo_engine"
_SCHEMA = json.loads((_PACKAGE / "reporting" / "report.schema.json").read_text())
_RUN = ["run", "orders.arazzo.yaml", "--inputs", "inputs.yaml"]


def _json(capsys: pytest.CaptureFixture[str]) -> Any:
    value = json.loads(capsys.readouterr().out)
    jsonschema.validate(value, _SCHEMA, format_checker=jsonschema.FormatChecker())
    return value


def test_help_is_the_same_whoever_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--help"]) == 0
    quick = capsys.readouterr().out
    assert quick == help_text()
    assert run_command(["--help", "run"]) == 0
    assert capsys.readouterr().out == quick
    assert run_command([]) == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from importlib import import_module

    assert import_module(f"arazzo_engine.cli.commands.{MODULES[name]}").command.short_help == COMMANDS[name]
    assert run_command([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: arazzo {name}")


def test_help_imports_nothing_heavy() -> None:
    script = "import sys; from arazzo_engine.cli import run_command; run_command(['--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"click", "yaml", "httpx", "jsonschema", "rich", "msgspec"} & set(loaded) == set()


def test_validating_a_small_file_imports_no_heavy_library_and_nothing_that_runs() -> None:
    script = (
        "import sys; from arazzo_engine.cli import run_command;"
        "run_command(['validate', 'orders.arazzo.yaml']); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"httpx", "jsonschema", "rich", "asyncio", "difflib", "regex", "re2", "elementpath"}
    assert heavy & set(loaded) == set()
    running = ("machine.interpreter", "world.drivers.live", "world.http.sending", "reporting.ending.ended")
    assert {f"arazzo_engine.{each}" for each in running} & set(loaded) == set()


def test_outputs_go_to_stdout_and_everything_else_to_stderr(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*_RUN, "--server", shop.url]) == 0
    told = capsys.readouterr()
    assert told.out == "receipt: receipt-1\n"
    assert re.sub(r" +\d+ ms", " N ms", told.err).splitlines() == [
        f"Order a thing  orders.arazzo.yaml  shopApi {shop.url.removeprefix('http://127.0.0.1')}",
        "",
        "  ✓ find    GET   /items/book            200 N ms  id item-1 · price 3.5",
        "  ✓ charge  POST  /charges               201 N ms  receipt receipt-1",
        "",
        "✓ order succeeded   2 steps, 2 requests, N ms",
    ]


def test_a_report_fits_the_schema(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([*_RUN, "--server", f"shopApi={shop.url}/", "--format", "json"]) == 0
    report = _json(capsys)
    assert report["outputs"] == {"receipt": "receipt-1"}
    request = report["steps"][0]["request"]
    assert (request["method"], request["url"], request["body"]) == ("GET", f"{shop.url}/items/book", "")
    assert report["steps"][1]["criteria"] == [
        {"condition": "$statusCode == 201", "passed": True, "explanation": "201 == 201"}
    ]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "status"),
    [
        (["--server", "http://127.0.0.1:9"], 1, "failed"),
        (["--server", "http://127.0.0.1:9", "--timeout", "0.000001"], 4, "stopped"),
        (["-i", "amount=-1"], 2, "stopped"),
        (["--source", "shopApi=nowhere.yaml"], 3, "stopped"),
    ],
)
def test_a_report_of_a_run_that_went_wrong_fits_the_schema(
    arguments: list[str], exit_code: int, status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*_RUN, *arguments, "--format", "json"]) == exit_code
    assert _json(capsys)["status"] == status


def test_json_lines_stream_the_events(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([*_RUN, "--server", shop.url, "--format", "jsonl"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == [
        "run-started",
        "step-started",
        "step-finished",
        "step-started",
        "step-finished",
        "run-finished",
    ]
    jsonschema.validate(events[-1]["report"], _SCHEMA)


def test_the_result_can_go_to_a_file(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    Path("out.json").write_text("something older")
    assert run_command([*_RUN, "--server", shop.url, "--format", "json", "--output", "out.json"]) == 0
    jsonschema.validate(json.loads(Path("out.json").read_text()), _SCHEMA)
    assert capsys.readouterr().out == ""


def test_the_folder_of_the_result_is_made(shop: RecordingServer) -> None:
    name = "no/such/folder/out.json"
    assert run_command([*_RUN, "--server", shop.url, "--format", "json", "--output", name]) == 0
    assert json.loads(Path(name).read_text())["status"] == "succeeded"


def test_a_result_that_cannot_be_written_is_told_before_anything_is_sent(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").touch()
    arguments = [*_RUN, "--server", shop.url, "--format", "json", "--output", "file/out.json"]
    assert run_command(arguments) == 2
    told = capsys.readouterr()
    assert "error[option-invalid]: `--output` cannot be written" in told.err
    # the folder is no fault of the result, which nobody has to repeat
    assert "result-unwritten" not in told.err
    assert json.loads(told.out)["status"] == "stopped"
    assert shop.requests == []


def test_the_options_of_the_wire_reach_it(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    host = shop.url.removeprefix("http://")
    run = [*_RUN, "--server", shop.url, "--allow-host", host]
    assert run_command([*run, "--max-response", "10"]) == 1
    assert "is larger than 10 bytes" in capsys.readouterr().err
    shop.script("GET", "/items/book", Reply(307, (("Location", "/moved"),)))
    shop.script("GET", "/moved", Reply(200, body={"id": "item-1", "price": 3.5}))
    assert run_command(run) == 1
    assert run_command([*run, "--follow-redirects", "--connect-retries", "1"]) == 0
    assert run_command([*run, "--proxy", "http://127.0.0.1:1"]) == 1
    assert "through the proxy 127.0.0.1:1: connection refused" in capsys.readouterr().err


def test_a_plan_can_be_read_as_json(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([*_RUN, "--server", shop.url, "--dry-run", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["workflowId"] == "order"
    assert [each["stepId"] for each in plan["steps"]] == ["find", "charge"]
    assert plan["firstRequest"]["url"] == f"{shop.url}/items/book"
    assert shop.requests == []


@pytest.mark.parametrize(
    "options",
    [
        ["--source", "shpApi=shop-api.yaml"],
        ["--source-dir", "nowhere"],
        ["--workflow", "order", "--all"],
        ["--server", "http://127.0.0.1:99999"],
        ["--server-var", "region=eu"],
        ["--server", "http://me:pass-word-1@127.0.0.1:1"],
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    options: list[str], shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([*_RUN, "--server", shop.url, *options]) == 2
    told = capsys.readouterr().err
    assert "error[option-invalid]" in told
    assert "pass-word-1" not in told
    assert shop.requests == []


def test_a_refused_run_leaves_the_file_of_the_result_as_it_was() -> None:
    Path("result.txt").write_text("precious")
    assert run_command(["run", "orders.arazzo.yaml", "--output", "result.txt"]) == 2
    assert Path("result.txt").read_text() == "precious"


def test_a_dry_run_sends_nothing_and_shows_no_secret(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([*_RUN, "--server", shop.url, "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[:3] == [
        "plan of order:",
        f"  1. find: GET {shop.url}/items/{{item}}",
        f"  2. charge: POST {shop.url}/charges",
    ]
    assert f"GET {shop.url}/items/book" in told
    assert shop.requests == []


def test_a_rehearsal_needs_nothing_and_says_what_it_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["rehearse", "orders.arazzo.yaml"]) == 0
    told = capsys.readouterr()
    assert told.out == "receipt: receipt-1\n"
    assert told.err.splitlines()[:4] == [
        "made up: amount = 1",
        'made up: item = "book"',
        'made up: note = "sample-note"',
        'made up: token = "***"',
    ]


def test_inputs_are_read_from_stdin(
    shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{token: t, item: book, amount: 2}")))
    assert run_command(["run", "orders.arazzo.yaml", "--inputs", "-", "--server", shop.url]) == 0
    assert shop.requests[1].json == {"item": "item-1", "amount": 2}
    assert "receipt-1" in capsys.readouterr().out


def test_inputs_on_the_command_line_are_converted_by_their_type(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-i", "token=12", "-i", "item=book", "-i", "amount=2.50", "-i", "note=true"]
    assert run_command(["run", "orders.arazzo.yaml", *given, "--server", shop.url]) == 0
    assert shop.requests[1].json == {"item": "item-1", "amount": 2.5, "note": "true"}
    assert shop.requests[1].header("authorization") == "Bearer 12"
    assert "receipt-1" in capsys.readouterr().out


_SECOND = """
- workflowId: look
  steps:
  - stepId: find
    operationId: findItem
    parameters:
    - { name: item, in: path, value: pen }
"""


def test_all_runs_every_workflow_that_no_other_leads_to_once(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().rstrip() + _SECOND)
    shop.script("GET", "/items/pen", Reply(200, body={}))
    assert run_command([*_RUN, "--server", shop.url, "--all", "--format", "json"]) == 0
    reports = _json(capsys)
    assert [each["workflowId"] for each in reports["runs"]] == ["order", "look"]
    assert [each.path for each in shop.requests] == ["/items/book", "/charges", "/items/pen"]


def test_all_runs_nothing_more_after_an_interruption(shop: RecordingServer, capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().rstrip() + _SECOND)
    shop.script("POST", "/charges", Reply.interrupt())
    # whoever asked for the end knows of it; that a charge is in doubt says more
    assert run_command([*_RUN, "--server", shop.url, "--all", "--format", "json"]) == 5
    (report,) = _json(capsys)["runs"]
    assert (report["workflowId"], report["status"]) == ("order", "in-doubt")
    assert [each["stepId"] for each in report["steps"]] == ["find", "charge"]
    assert [each.path for each in shop.requests] == ["/items/book", "/charges"]


def test_validate_writes_findings_in_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("$statusCode == 200", "$statusCode => 200"))
    assert run_command(["validate", "orders.arazzo.yaml"]) == 3
    told = capsys.readouterr()
    assert told.out.startswith("error[invalid-condition]: ")
    assert told.err == "1 document: 1 error, 0 warnings\n"
    assert run_command(["validate", "orders.arazzo.yaml", "--format", "github"]) == 3
    assert capsys.readouterr().out == (
        "::error file=orders.arazzo.yaml,line=27,col=30,title=invalid-condition::"
        "the condition ends before `=> 200`, which cannot follow. write `>=`\n"
    )
    assert run_command(["validate", "orders.arazzo.yaml", "--format", "json"]) == 3
    finding = json.loads(capsys.readouterr().out)["diagnostics"][0]
    jsonschema.validate(finding, {**_SCHEMA["$defs"]["diagnostic"], "$defs": _SCHEMA["$defs"]})
    assert finding["location"]["pointer"] == "/workflows/0/steps/0/successCriteria/0/condition"


def test_a_warning_fails_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    document = Path("orders.arazzo.yaml")
    other = "  type: openapi\n- name: other\n  url: other.yaml\n  type: openapi\n"
    document.write_text(document.read_text().replace("  type: openapi\n", other, 1))
    Path("other.yaml").write_text("openapi: 3.1.0\npaths: {}\n")
    assert run_command(["validate", "orders.arazzo.yaml"]) == 0
    assert run_command(["validate", "orders.arazzo.yaml", "--fail-on", "warning"]) == 3
    assert run_command(["validate", "orders.arazzo.yaml", "--strict"]) == 3
    assert "error[operation-unqualified]" in capsys.readouterr().out


def test_quiet_commands_tell_how_many_warnings_there_are(
    shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("orders.arazzo.yaml")
    # what it is read as is told as a repair, and an action that is never chosen is one more warning
    text = document.read_text().replace("$response.body#/receipt", "$response.body.receipt", 1)
    document.write_text(text.replace("$statusCode == 503", "$statusCode == 201"))
    assert run_command([*_RUN, "--server", shop.url, "-q"]) == 0
    told = capsys.readouterr()
    assert told.out == "receipt: receipt-1\n"
    assert told.err == "2 warnings, 1 of them repairs; without `-q` each is told\n"
    assert run_command(["rehearse", "orders.arazzo.yaml", "-q"]) == 0
    assert capsys.readouterr().err.endswith("\n2 warnings, 1 of them repairs; without `-q` each is told\n")


def test_a_document_can_be_judged_without_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    Path("shop-api.yaml").unlink()
    assert run_command(["validate", "orders.arazzo.yaml"]) == 3
    assert run_command(["validate", "orders.arazzo.yaml", "--offline", "--no-sources"]) == 0
    assert "source-not-found" in capsys.readouterr().out


def test_show_tells_what_a_document_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["show", "orders.arazzo.yaml"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Order a thing  1.0.0",
        "",
        "1 workflow, 1 source API",
        "provider: shop.example.com",
        "",
        "order",
        "  inputs:  amount, item, [note], token",
        "  outputs: receipt",
        "  2 steps:",
        "    1. find    GET   findItem",
        "    2. charge  POST  chargeCustomer",
        "       on failure: retry once if $statusCode == 503",
        "",
        "Source APIs",
        "  shopApi  shop-api.yaml  (openapi)",
    ]


def test_show_tells_which_of_several_servers_is_used_and_how_another_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    api = Path("shop-api.yaml").read_text()
    first = "- url: https://shop.example.com"
    assert first in api
    Path("shop-api.yaml").write_text(api.replace(first, f"{first}\n- url: https://sandbox.example.com"))
    assert run_command(["show", "orders.arazzo.yaml"]) == 0
    told = "    server https://shop.example.com, or by `--server shopApi=URL`: https://sandbox.example.com"
    assert capsys.readouterr().out.splitlines()[-1] == told


def test_list_finds_the_documents_below_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("more/.hidden").mkdir(parents=True)
    shutil.copy("orders.arazzo.yaml", "more/again.yml")
    shutil.copy("orders.arazzo.yaml", "more/.hidden/again.yml")
    assert run_command(["list", "."]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "more/again.yml  Order a thing",
        "  order (2 steps)",
        "orders.arazzo.yaml  Order a thing",
        "  order (2 steps)",
    ]
    assert told.err == "2 Arazzo documents\n"
    assert run_command(["list", "nowhere"]) == 3


def test_auth_tells_what_is_needed_and_never_a_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("name: Authorization", "name: X-Other"))
    assert run_command(["auth", "orders.arazzo.yaml"]) == 2
    assert "missing for order.charge" in capsys.readouterr().out
    monkeypatch.setenv("ARAZZO_AUTH_SHOPAPI_TOKEN", "from-the-environment")
    assert run_command(["auth", "orders.arazzo.yaml"]) == 0
    told = capsys.readouterr().out
    assert "found in ARAZZO_AUTH_SHOPAPI_TOKEN" in told
    assert "from-the-environment" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["--auth", "token=given-secret"],
        ["--auth", "shopApi.token=given-secret"],
        ["--auth-file", "auth.yaml"],
        ["--auth-file", "auth-by-source.yaml"],
    ],
)
def test_a_credential_is_sent_and_masked(
    arguments: list[str], shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    document = Path("orders.arazzo.yaml")
    document.write_text(document.read_text().replace("name: Authorization", "name: X-Other"))
    Path("auth.yaml").write_text("token: given-secret\n")
    Path("auth-by-source.yaml").write_text("shopApi:\n  token: given-secret\n")
    shop.script("POST", "/charges", Reply(402, body={"message": "no such token: given-secret"}))
    assert run_command([*_RUN, "--server", shop.url, *arguments]) == 1
    assert shop.requests[1].header("authorization") == "Bearer given-secret"
    told = capsys.readouterr()
    assert "no such token: ***" in told.err
    assert "given-secret" not in told.out + told.err


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", code]) == 0
    assert CODES[code].why in capsys.readouterr().out


def test_an_unknown_code_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["explain", "input-mising"]) == 2
    assert "did you mean `input-missing`?" in capsys.readouterr().err
    assert run_command(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CODES)


@pytest.mark.parametrize("arguments", [["run"], ["nothing"], ["run", "x", "--format", "xml"], ["validate"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(arguments) == 2
    assert capsys.readouterr().err.startswith("Usage: ")


def test_a_bug_is_never_dressed_up_and_shows_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret-token-1")

    monkeypatch.setattr("arazzo_engine.cli.opening.open_program", broken)
    assert run_command(_RUN) == 70
    told = capsys.readouterr().err
    assert told.startswith("this is a bug in arazzo_engine")
    assert "in broken" in told
    assert "secret-token-1" not in told


def test_a_terminal_gets_a_spinner_and_a_pipe_gets_none(shop: RecordingServer) -> None:
    import os
    import pty

    command = [sys.executable, "-m", "arazzo_engine", *_RUN, "--server", shop.url]
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, check=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.stdout == b"receipt: receipt-1\n"
    assert "\x1b[" in shown
    assert "succeeded" in shown
    piped = subprocess.run(command, capture_output=True, check=True)
    assert b"\x1b" not in piped.stderr


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("runn", "There is no command `runn`: did you mean `run` or `runs`?"),
        ("xyzzy", "There is no command `xyzzy`: `arazzo --help` lists the commands."),
    ],
)
def test_a_command_that_is_misspelt_is_told_with_the_one_that_was_meant(
    typed: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command([typed]) == 2
    assert told in capsys.readouterr().err
