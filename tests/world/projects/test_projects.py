"""What a project file and `.env` files do for a run, by the real command line: what is sent, and what is refused."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest
from loopback import RecordingServer, Reply
from projects import API, CHECKOUT, DOCUMENT, write_project

from arazzo_engine.cli import run_command

if TYPE_CHECKING:
    from pathlib import Path


class Told:
    """What a command said, and how it ended."""

    def __init__(self, exit_code: int, out: str, err: str) -> None:
        self.exit_code = exit_code
        self.out = out
        self.err = err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def shop(server: RecordingServer) -> RecordingServer:
    server.script("POST", "/charges", Reply(201, body={}))
    return server


def arazzo(capsys: pytest.CaptureFixture[str], *arguments: str) -> Told:
    exit_code = run_command(arguments)
    told = capsys.readouterr()
    return Told(exit_code, told.out, told.err)


def sent(server: RecordingServer) -> tuple[str | None, Any]:
    """Return the credential and the body of the only request."""
    (request,) = server.requests
    return dict(request.headers).get("Authorization"), json.loads(request.body)


BASE = """
source-dir = "apis"

[servers]
payments = "{url}"

[auth]
bearer = "@env:PAYMENTS_TOKEN"

[inputs]
sku = "A1"
count = 3

[limits]
max-steps = 10
"""


def test_a_project_file_above_a_document_says_where_what_and_who(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, BASE.replace("{url}", shop.url), description="apis/payments.json")
    monkeypatch.setenv("PAYMENTS_TOKEN", "a-long-secret")
    told = arazzo(capsys, "run", DOCUMENT, "--format", "json")
    assert told.exit_code == 0, told.err
    assert sent(shop) == ("Bearer a-long-secret", {"sku": "A1", "count": 3})
    assert "a-long-secret" not in told.out + told.err


def test_paths_start_at_the_file_they_stand_in(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'sources.payments = "apis/v1.json"\nservers = "{shop.url}"\ninputs.sku = "A1"\nauth.bearer = "@file:t.txt"\n'
    )
    write_project(folder, text, description="apis/v1.json")
    (folder / "t.txt").write_text("a-long-secret\n")
    monkeypatch.chdir(folder / "flows")
    told = arazzo(capsys, "run", "checkout.json")
    assert told.exit_code == 0, told.err
    assert sent(shop) == ("Bearer a-long-secret", {"sku": "A1"})


def test_an_environment_wins_over_the_file_and_the_command_over_both(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        'servers.payments = "http://127.0.0.1:9"\nauth."payments.bearer" = "@file:nowhere"\n'
        '[inputs]\nsku = "base"\ncount = 1\n'
        f'[env.staging]\nservers = "{shop.url}"\nauth.bearer = "@file:staging.txt"\n'
        '[env.staging.inputs]\nsku = "staging"\n'
    )
    write_project(folder, text)
    (folder / "staging.txt").write_text("t")
    assert arazzo(capsys, "run", DOCUMENT, "--env", "staging").exit_code == 0
    assert sent(shop) == ("Bearer t", {"sku": "staging", "count": 1})
    shop.requests.clear()
    shop.script("POST", "/charges", Reply(201, body={}))
    given = ("-i", "sku=typed", "--auth", "bearer=typed", "--server", shop.url)
    assert arazzo(capsys, "run", DOCUMENT, *given).exit_code == 0
    assert sent(shop) == ("Bearer typed", {"sku": "typed", "count": 1})


def test_an_input_of_one_workflow_stands_before_that_of_all(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'servers = "{shop.url}"\nauth.bearer = "@file:t"\n[inputs]\nsku = "@env:NOT_SET"\ncount = 1\n'
        '[workflows.checkout.inputs]\nsku = "own"\n[workflows.other.inputs]\ncount = 9\n'
        '[env.a.workflows.checkout.inputs]\ncount = 2\n[env.b.inputs]\nsku = "for all"\n'
    )
    write_project(folder, text)
    (folder / "t").write_text("t")
    expected = {
        (): {"sku": "own", "count": 1},
        ("--env", "a"): {"sku": "own", "count": 2},
        # what an environment says for all replaces what the file says for one
        ("--env", "b"): {"sku": "for all", "count": 1},
        ("-i", "sku=typed"): {"sku": "typed", "count": 1},
    }
    for options, wanted in expected.items():
        shop.requests.clear()
        shop.script("POST", "/charges", Reply(201, body={}))
        told = arazzo(capsys, "run", DOCUMENT, *options)
        assert (told.exit_code, told.err if told.exit_code else "") == (0, "")
        assert sent(shop)[1] == wanted


def test_workflows_that_are_run_together_have_their_own_inputs(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'servers = "{shop.url}"\nauth.bearer = "@file:t"\ninputs.sku = "@env:FOR_ALL"\ninputs.count = 1\n'
        '[workflows.refund.inputs]\nsku = "@file:secret"\ncount = 5\n'
    )
    write_project(folder, text)
    (folder / "t").write_text("t")
    (folder / "secret").write_text("a-secret-of-refunds")
    (folder / ".env").write_text("FOR_ALL=a-secret-of-all\n")
    document = json.loads((folder / DOCUMENT).read_text())
    document["workflows"].append({**document["workflows"][0], "workflowId": "refund"})
    (folder / DOCUMENT).write_text(json.dumps(document))
    for options, count in (((), 5), (("-i", "count=7"), 7)):
        shop.requests.clear()
        for _ in range(2):
            shop.script("POST", "/charges", Reply(201, body={}))
        told = arazzo(capsys, "run", DOCUMENT, "--all", "-v", *options)
        assert told.exit_code == 0, told.err
        bodies = [json.loads(each.body) for each in shop.requests]
        assert bodies == [
            {"sku": "a-secret-of-all", "count": count if options else 1},
            {"sku": "a-secret-of-refunds", "count": count},
        ]
        assert "a-secret" not in told.out + told.err


def test_a_rehearsal_makes_up_what_neither_all_nor_the_workflow_has(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, '[workflows.checkout.inputs]\nsku = "A1"\n')
    told = arazzo(capsys, "rehearse", DOCUMENT, "--all")
    assert told.exit_code == 0
    assert "made up: sku" not in told.err
    assert "made up: count" in told.err


@pytest.mark.parametrize(
    ("table", "meant", "noun"),
    [("workflows.chekout.inputs.sku", "checkout", "workflow"), ("workflows.checkout.inputs.cuont", "count", "input")],
)
def test_a_slip_in_the_table_of_a_workflow_is_a_warning(
    folder: Path, capsys: pytest.CaptureFixture[str], table: str, meant: str, noun: str
) -> None:
    write_project(folder, f"{table} = 3\n")
    told = arazzo(capsys, "validate", DOCUMENT)
    named = table.removesuffix(".inputs.sku")
    assert told.exit_code == 0
    assert f"warning[project-invalid]: `{named}` names no {noun} of the document, and nearly names one" in told.out
    assert f"= fix: did you mean `{meant}`?" in told.out


def test_a_secret_among_the_inputs_of_a_workflow_is_a_warning_and_is_not_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "[env.a.workflows.checkout.inputs]\ntoken = 'x-secret'\n")
    told = arazzo(capsys, "validate", DOCUMENT)
    assert "warning[secret-in-project]: `env.a.workflows.checkout.inputs.token` is named like a secret" in told.out
    shown = arazzo(capsys, "config", DOCUMENT, "--env", "a")
    assert "workflows.checkout.inputs.token  ***" in shown.out
    assert "x-secret" not in told.out + shown.out


def test_an_input_that_is_an_object_is_no_table_of_a_workflow(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "[inputs.checkout]\nsku = 'A1'\n")
    shown = arazzo(capsys, "config", DOCUMENT)
    assert re.search(r"^inputs\.checkout +\{sku: A1\} +arazzo\.toml:1$", shown.out, re.MULTILINE)


def test_an_option_that_is_typed_wins_also_with_its_default(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f'servers = "{shop.url}"\ninputs.sku = "A"\n[limits]\nmax-response = 1\n'
    write_project(folder, text)
    assert arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t").exit_code == 5
    shop.script("POST", "/charges", Reply(201, body={}))
    assert arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t", "--max-response", "10000000").exit_code == 0


@pytest.mark.parametrize("option", ["--timeout", "limits"])
def test_the_time_of_a_run_may_stand_in_the_file(folder: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "[limits]\ntimeout = 0.000001\n" if option == "limits" else "")
    arguments = ("--timeout", "0.000001") if option == "--timeout" else ()
    told = arazzo(capsys, "validate", DOCUMENT, *arguments)
    assert (told.exit_code, "run-time-limit" in told.out) == (4, True)
    told = arazzo(capsys, "run", DOCUMENT, *arguments)
    assert (told.exit_code, "run-time-limit" in told.err) == (4, True)


def test_a_file_makes_warnings_errors_and_checks_contracts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "strict = true\ninputs.token = 'x'\n")
    told = arazzo(capsys, "validate", DOCUMENT)
    assert told.exit_code == 2
    assert told.out.startswith("error[secret-in-project]: `inputs.token` is named like a secret")


def test_no_project_uses_nothing_of_it(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "no toml at all")
    (folder / ".env").write_text("ARAZZO_AUTH_BEARER=of-the-file\n")
    monkeypatch.setenv("ARAZZO_AUTH_BEARER", "of-the-environment")
    given = ("--no-project", "--server", shop.url, "-i", "sku=A1")
    assert arazzo(capsys, "run", DOCUMENT, *given).exit_code == 0
    assert sent(shop) == ("Bearer of-the-environment", {"sku": "A1"})
    told = arazzo(capsys, "run", DOCUMENT, "--no-project", "--env", "staging")
    assert (told.exit_code, told.err.partition("\n")[0]) == (
        2,
        "error[option-invalid]: `--no-project` and `--env` exclude each other",
    )


def test_an_environment_without_a_project_file_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "")
    (folder / "arazzo.toml").rename(folder / "pyproject.toml")
    told = arazzo(capsys, "run", DOCUMENT, "--env", "staging")
    assert told.exit_code == 2
    assert told.err == (
        "error[option-invalid]: `--env` names the environment `staging`, and there is no project file that could have"
        " it\n"
        " = why: the command cannot do what it is asked for in this way\n"
        " = fix: write `[env.staging]` into an `arazzo.toml` in ., or name a project file with `--config`\n"
    )


def test_the_table_of_pyproject_is_a_project_file(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    (folder / "arazzo.toml").unlink()
    text = f'[project]\nname = "x"\n\n[tool.arazzo]\nservers = "{shop.url}"\ninputs.sku = "A1"\n'
    (folder / "pyproject.toml").write_text(text)
    assert arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t").exit_code == 0
    (folder / "pyproject.toml").write_text(text.replace("servers", "servres"))
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t")
    assert told.exit_code == 2
    assert told.err == (
        "error[project-invalid]: a project file has no key `servres`\n"
        " --> pyproject.toml:5:1\n"
        "  = why: what a project file says holds for every run, so nothing in it is passed over (docs/project.md)\n"
        "  = fix: did you mean `servers`?\n"
    )


@pytest.mark.parametrize("text", ["[tool.x]\nbroken", "# arazzo\n[tool.x]\na = 1", "tool = 3 # arazzo"])
def test_what_pyproject_says_to_others_concerns_nobody(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    (folder / "arazzo.toml").unlink()
    (folder / "pyproject.toml").write_text(text)
    assert arazzo(capsys, "validate", DOCUMENT).exit_code == 0


@pytest.mark.parametrize(
    ("text", "place"), [("[tool]\narazzo = 1\n", "2:10"), ("[[tool.arazzo]]\nstrict = true\n", "1:3")]
)
def test_what_pyproject_says_to_the_engine_is_a_table(
    folder: Path, text: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    (folder / "arazzo.toml").unlink()
    (folder / "pyproject.toml").write_text(text)
    told = arazzo(capsys, "validate", DOCUMENT)
    assert told.exit_code == 2
    assert f"error[project-invalid]: `tool.arazzo` must be a table\n --> pyproject.toml:{place}\n" in told.out


WHY = "  = why: what a project file says holds for every run, so nothing in it is passed over (docs/project.md)\n"
WRONG = {
    "a misspelt key": (
        'server = "https://x.example"\n',
        "a project file has no key `server`\n --> arazzo.toml:1:1\n" + WHY + "  = fix: did you mean `servers`?\n",
    ),
    "a limit beside its table": (
        "max-steps = 3\n",
        "a project file has no key `max-steps`\n --> arazzo.toml:1:1\n" + WHY + "  = fix: write it below `[limits]`\n",
    ),
    "a misspelt limit of an environment that is not chosen": (
        "[env.a.limits]\nmax-step = 3\n",
        "a project file has no key `env.a.limits.max-step`\n --> arazzo.toml:2:1\n"
        + WHY
        + "  = fix: did you mean `max-steps`?\n",
    ),
    "what each command is asked for": (
        "insecure = true\n",
        "a project file has no key `insecure`\n --> arazzo.toml:1:1\n"
        + WHY
        + "  = fix: give `--insecure` with each command that needs it\n",
    ),
    "a number as a text": (
        'limits.max-steps = "3"\n',
        "`limits.max-steps` must be a whole number of 1 or more\n --> arazzo.toml:1:20\n  |\n"
        '1 | limits.max-steps = "3"\n  |                    ^^^\n' + WHY + "  = fix: write it without quotes\n",
    ),
    "a server that is none": (
        '[servers]\npayments = "payments.example.com"\n',
        "`servers.payments` must be an http or https URL\n --> arazzo.toml:2:12\n  |\n"
        '2 | payments = "payments.example.com"\n  |            ^^^^^^^^^^^^^^^^^^^^^^\n'
        + WHY
        + "  = fix: write `https://host/base`\n",
    ),
    "a folder that is not there": (
        'source-dir = ["flows", "nowhere"]\n',
        "`source-dir` must be the path of a folder\n --> arazzo.toml:1:14\n  |\n"
        '1 | source-dir = ["flows", "nowhere"]\n  |              ^^^^^^^^^^^^^^^^^^^^\n'
        + WHY
        + "  = fix: name a folder that is there\n",
    ),
    "a secret": (
        '[auth]\nbearer = "a-long-secret"\n',
        "`auth.bearer` must be a reference, for a project file is no place for a secret\n --> arazzo.toml:2:10\n"
        + WHY
        + "  = fix: put the secret in a variable, and write `@env:NAME`; or name a file with `@file:PATH`\n",
    ),
    "a file with secrets that is not of the project": (
        'auth-file = "../secrets.yaml"\n',
        "`auth-file` must be the path of a file of the project\n --> arazzo.toml:1:13\n  |\n"
        '1 | auth-file = "../secrets.yaml"\n  |             ^^^^^^^^^^^^^^^^^\n'
        + WHY
        + "  = fix: put the file there, or name it with the command\n",
    ),
    "a date": (
        "[inputs]\nday = 2026-01-01\n",
        "`inputs.day` must be a JSON value, which a date is not\n --> arazzo.toml:2:7\n"
        + WHY
        + "  = fix: write it in quotes\n",
    ),
    "an environment that is no table": (
        "env.staging = 3\n",
        "`env.staging` must be a table\n --> arazzo.toml:1:15\n  |\n1 | env.staging = 3\n  |               ^\n"
        + WHY
        + "  = fix: write `[env.staging]`\n",
    ),
    "an environment in an environment": (
        "[env.a.env.b]\nstrict = true\n",
        "a project file has no key `env.a.env`\n --> arazzo.toml:1:2\n"
        + WHY
        + "  = fix: use one of `source-dir`, `offline`, `allow-host`, `auth-file`, `ca-bundle`, `cert`, `key`, `http2`,"
        " `follow-redirects`, `redirect-uri`, `token-store`, `check`, `strict`, `otel`, `trace-context`, `limits`,"
        " `sources`, `servers`, `server-vars`, `auth`, `inputs`, `workflows`\n",
    ),
    "workflows that are no table": (
        "workflows = 1\n",
        "`workflows` must be a table\n --> arazzo.toml:1:13\n  |\n1 | workflows = 1\n  |             ^\n"
        + WHY
        + "  = fix: write `[workflows.ID.inputs]`, and below it `name = value`\n",
    ),
    "a workflow that is no table": (
        "[workflows]\ncheckout = 1\n",
        "`workflows.checkout` must be a table\n --> arazzo.toml:2:12\n  |\n2 | checkout = 1\n  |            ^\n"
        + WHY
        + "  = fix: write `[workflows.checkout.inputs]`, and below it `name = value`\n",
    ),
    "an input where its table should be": (
        '[workflows.checkout]\nsku = "A1"\n',
        "a project file has no key `workflows.checkout.sku`\n --> arazzo.toml:2:1\n" + WHY + "  = fix: use `inputs`\n",
    ),
    "inputs of a workflow that are no table": (
        "[env.a.workflows.checkout]\ninputs = 'x'\n",
        "`env.a.workflows.checkout.inputs` must be a table\n --> arazzo.toml:2:10\n"
        + WHY
        + "  = fix: write `[env.a.workflows.checkout.inputs]`, and below it `name = value`\n",
    ),
    "a date as an input of a workflow": (
        "[workflows.checkout.inputs]\nsku = 2026-01-01\n",
        "`workflows.checkout.inputs.sku` must be a JSON value, which a date is not\n --> arazzo.toml:2:7\n"
        + WHY
        + "  = fix: write it in quotes\n",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_project_file_is_told_with_its_place(
    name: str, folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text, told_of_it = WRONG[name]
    write_project(folder, text)
    for command in ("run", "rehearse", "auth"):
        told = arazzo(capsys, command, DOCUMENT, "--server", shop.url, "--auth", "bearer=t")
        assert told.err == f"error[project-invalid]: {told_of_it}"
        assert told.exit_code == 2
    told = arazzo(capsys, "validate", DOCUMENT)
    assert (told.exit_code, told.out) == (2, f"error[project-invalid]: {told_of_it}")
    assert not shop.requests


def test_everything_that_is_wrong_is_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "strict = 1\nhttp2 = 2\n[env.x]\ncheck = 'maybe'\n[limits]\ntimeout = nan\n")
    told = arazzo(capsys, "validate", "-v", DOCUMENT)
    places = [line.strip() for line in told.out.splitlines() if "-->" in line]
    assert places == ["--> arazzo.toml:1:10", "--> arazzo.toml:2:9", "--> arazzo.toml:4:9", "--> arazzo.toml:6:11"]


MALFORMED = {
    "token = a-long-secret": ("what stands here is no value", "1:9", "put a text in quotes"),
    "token 'a-long-secret'": ("a key has no `=` after it", "1:7", "write `key = value`"),
    "[auth]\nbearer = '@env:X\n": (
        "a string is not closed",
        "2:17",
        "close it with the quote that it begins with",
    ),
    "strict = true\nstrict = true": ("a key stands twice in one table", "2:14", "remove one of the two"),
    "[env\n": ("a bracket is not closed", "1:5", "close every bracket that was opened"),
}


@pytest.mark.parametrize("text", MALFORMED)
def test_a_file_that_is_no_toml_is_told_without_its_text(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message, place, fix = MALFORMED[text]
    write_project(folder, text)
    told = arazzo(capsys, "run", DOCUMENT)
    assert told.exit_code == 2
    assert told.err == (
        f"error[project-unreadable]: the project file cannot be read: {message}\n --> arazzo.toml:{place}\n"
        "  = why: a project file is one TOML file, and a run without it might do something else (docs/project.md)\n"
        f"  = fix: {fix}\n"
    )


@pytest.mark.parametrize(
    ("text", "must", "fix"),
    [
        ("limits.max-steps = 0", "a whole number of 1 or more", "write one, such as `100`, or leave the key out"),
        ("limits.timeout = -1", "a number of seconds, more", "write one, such as `30`, or leave the key out"),
        ("limits.timeout = '2.5'", "a number of seconds, more", "write it without quotes"),
        ("servers = ''", "a text that is not empty", "write what it is, or leave the key out"),
        ("allow-host = []", "a host, or a list of hosts", "name one, or leave the key out"),
    ],
)
def test_a_value_that_is_no_such_thing_has_a_fix_that_helps(
    text: str, must: str, fix: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, text)
    told = arazzo(capsys, "run", DOCUMENT)
    assert told.exit_code == 2
    assert f"` must be {must}" in told.err
    assert told.err.endswith(f"  = fix: {fix}\n")


def _as_folder(path: Path) -> None:
    path.mkdir()


def _as_link_out(path: Path) -> None:
    outside = path.parent.parent / f"outside-of-{path.parent.name}.toml"
    outside.write_text("")
    path.symlink_to(outside)


UNREADABLE = {
    "a pipe": (os.mkfifo, "cannot be read: arazzo.toml: it is a pipe, which can be read only once"),
    "a folder": (_as_folder, "cannot be read: arazzo.toml: it is a folder"),
    "a huge one": (lambda path: path.write_bytes(b"#" * 1_000_001), "cannot be read: arazzo.toml: it has more than"),
    "another charset": (
        lambda path: path.write_bytes(b"# \xe9\n"),
        "cannot be read: arazzo.toml: it is not UTF-8 text",
    ),
    "a link out of it": (_as_link_out, "cannot be used: ./arazzo.toml is a link that leads out of it"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "cannot be read: nowhere: no such file"),
    "nested too deep": (lambda path: path.write_text("a = " + "[" * 9_000), "cannot be read: it nests too deep"),
    "dotted too deep": (
        lambda path: path.write_text("inputs." + "a." * 900 + "b = 1"),
        "cannot be read: it nests too deep",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_project_file_that_cannot_be_read_stops_everything(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, told_of_it = UNREADABLE[name]
    write_project(folder, "")
    (folder / "arazzo.toml").unlink()
    make(folder / "arazzo.toml")
    for command in ("run", "rehearse"):
        told = arazzo(capsys, command, DOCUMENT)
        assert told.exit_code == 2
        assert told.err.startswith(f"error[project-unreadable]: the project file {told_of_it}")


@pytest.mark.parametrize(
    ("table", "misspelt", "meant"),
    [
        ("servers", 'paymnets = "http://127.0.0.1:9"', "payments"),
        ("sources", 'payment = "x.json"', "payments"),
        ("auth", 'baerer = "@env:X"', "bearer"),
        ("server-vars", 'stagee = "test"', "stage"),
    ],
)
def test_a_name_that_is_nearly_one_of_the_document_is_refused(
    table: str, misspelt: str, meant: str, folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, f"[{table}]\n{misspelt}\n")
    name = misspelt.split(maxsplit=1)[0]
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t", "-i", "sku=A")
    assert told.exit_code == 2
    assert f"error[project-invalid]: `{table}.{name}` names no " in told.err
    assert f"= fix: did you mean `{meant}`?" in told.err
    assert arazzo(capsys, "validate", DOCUMENT).exit_code == 2
    assert not shop.requests


def test_an_input_that_is_nearly_one_of_the_document_is_a_warning(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, f"servers = '{shop.url}'\ninputs.sku = 'A1'\ninputs.cuont = 3\n")
    for command in ("run", "rehearse"):
        told = arazzo(capsys, command, DOCUMENT, "--auth", "bearer=t", "--strict")
        assert (told.exit_code, "error[project-invalid]: `inputs.cuont` names no input" in told.err) == (2, True)
    told = arazzo(capsys, "validate", DOCUMENT)
    assert (told.exit_code, "warning[project-invalid]" in told.out) == (0, True)
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t")
    assert told.exit_code == 0
    assert "warning[project-invalid]: `inputs.cuont` names no input of the document" in told.err
    assert "= fix: did you mean `count`?" in told.err
    assert sent(shop)[1] == {"sku": "A1"}


def test_what_is_wrong_with_the_document_is_told_beside_a_value_that_cannot_be_had(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "inputs.sku = '@env:NOT_SET'\n")
    document = folder / DOCUMENT
    document.write_text(document.read_text().replace("$statusCode == 201", "$statusCode => 201"))
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t")
    assert told.exit_code == 3
    assert "error[invalid-condition]" in told.err
    assert "error[value-reference-failed]" in told.err


def test_the_names_of_other_documents_are_no_mistake(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'[servers]\npayments = "{shop.url}"\nstock = "https://stock.example.com"\n'
        '[auth]\nstockKey = "@env:NOT_SET"\nstock.key = "@env:NOT_SET"\n'
        '[server-vars]\nregion = "eu"\nstock.region = "us"\n[sources]\nstock = "nowhere.json"\n'
        '[inputs]\nsku = "A1"\nwarehouse = 3\n'
    )
    write_project(folder, text)
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t", "--strict")
    assert told.exit_code == 0, told.err
    assert sent(shop) == ("Bearer t", {"sku": "A1"})


def test_a_wrong_input_of_the_file_is_told_where_it_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, '[inputs]\nsku = "A1"\ncount = "three"\n')
    told = arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t")
    assert told.exit_code == 2
    assert "input `count` must be an integer, not a string\n --> arazzo.toml:3:9\n" in told.err


# --- values that are kept elsewhere ---


def test_env_files_give_variables_and_never_change_the_environment(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, f'servers = "{shop.url}"\nauth.bearer = "@env:ONE"\ninputs.sku = "@env:TWO"\n')
    (folder / ".env").write_text("this is no line\nexport ONE=of-the-root # a note\nTWO='${ONE} $HOME'\nTHREE=t\n")
    (folder / "flows" / ".env").write_text("\ufeffONE=beside-the-document\n")
    assert arazzo(capsys, "run", DOCUMENT).exit_code == 0
    assert sent(shop) == ("Bearer beside-the-document", {"sku": "${ONE} $HOME"})
    shop.requests.clear()
    shop.script("POST", "/charges", Reply(201, body={}))
    monkeypatch.setenv("ONE", "of-the-environment")
    assert arazzo(capsys, "run", DOCUMENT).exit_code == 0
    assert sent(shop) == ("Bearer of-the-environment", {"sku": "${ONE} $HOME"})
    assert "THREE" not in os.environ


def test_the_own_variables_of_the_engine_may_stand_in_an_env_file(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    (folder / "arazzo.toml").unlink()
    (folder / "flows" / ".env").write_text("ARAZZO_AUTH_BEARER=a-long-secret\n")
    told = arazzo(capsys, "run", DOCUMENT, "--server", shop.url, "-i", "sku=A1", "--format", "json")
    assert told.exit_code == 0, told.err
    assert sent(shop)[0] == "Bearer a-long-secret"
    assert "a-long-secret" not in told.out + told.err
    told = arazzo(capsys, "auth", DOCUMENT)
    assert "found in ARAZZO_AUTH_BEARER" in told.out


def test_a_variable_that_is_not_set_is_told_with_what_was_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, '[auth]\nbearer = "@env:PAYMENTS_TOKN"\n')
    (folder / ".env").write_text("\n\nPAYMENTS_TOKN a-long-secret\n")
    monkeypatch.setenv("PAYMENTS_TOKEN", "x")
    told = arazzo(capsys, "run", DOCUMENT, "-i", "sku=A1")
    assert told.exit_code == 2
    assert told.err == (
        "error[value-reference-failed]: `auth.bearer` has no value: the variable `PAYMENTS_TOKN` is not set"
        " (.env:3 is no `NAME=VALUE`)\n"
        " --> arazzo.toml:2:10\n"
        "  = why: whoever writes where a value is kept means the value, and never the text that says so"
        " (docs/project.md)\n"
        "  = fix: did you mean `@env:PAYMENTS_TOKEN`?\n"
    )


def test_values_that_are_kept_elsewhere_are_secrets(
    folder: Path, shop: RecordingServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    monkeypatch.setenv("SKU", "a-secret-sku")
    monkeypatch.setenv("COUNT", "987654")
    (folder / "token.txt").write_text("a-secret-token\r\n")
    given = ("-i", "sku=@env:SKU", "-i", "count=@env:COUNT", "--auth", "bearer=@file:token.txt")
    shop.script("POST", "/charges", Reply(201, body={"told": "a-secret-sku 987654 a-secret-token"}))
    for more in (("--dry-run",), ("--format", "json"), ("--format", "jsonl")):
        shop.script("POST", "/charges", Reply(201, body={"told": "a-secret-sku 987654 a-secret-token"}))
        told = arazzo(capsys, "run", DOCUMENT, "--server", shop.url, *given, *more)
        assert told.exit_code == 0, told.err
        for secret in ("a-secret-sku", "987654", "a-secret-token"):
            assert secret not in told.out + told.err
    assert json.loads(shop.requests[0].body) == {"sku": "a-secret-sku", "count": 987654}


def test_a_file_that_is_asked_for_is_that_file(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, f'servers = "{shop.url}"\ninputs.photo = "@file:flows/cat.png"\n')
    (folder / "flows" / "cat.png").write_bytes(b"\x00\xff")
    assert arazzo(capsys, "run", DOCUMENT, "--auth", "bearer=t", "-i", "sku=A1").exit_code == 0
    assert sent(shop)[1] == {"sku": "A1", "photo": "AP8="}
    for written in ("@file:flows/cat.png", "@flows/cat.png"):
        shop.requests.clear()
        shop.script("POST", "/charges", Reply(201, body={}))
        given = ("--no-project", "--server", shop.url, "--auth", "bearer=t", "-i", "sku=A1")
        assert arazzo(capsys, "run", DOCUMENT, *given, "-i", f"photo={written}").exit_code == 0
        assert sent(shop)[1] == {"sku": "A1", "photo": "AP8="}


PRINT = f"{sys.executable} -c \"print('a-secret-token')\""


def test_a_command_runs_where_it_is_typed(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    told = arazzo(
        capsys, "run", DOCUMENT, "--server", shop.url, "--auth", f"bearer=@cmd:{PRINT}", "-i", f"sku=@cmd:{PRINT}"
    )
    assert told.exit_code == 0, told.err
    assert sent(shop) == ("Bearer a-secret-token", {"sku": "a-secret-token"})


def test_a_project_file_runs_no_command_without_leave(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "write.py").write_text("open('ran', 'w').close(); print('a-secret-token')")
    command = f"{sys.executable} write.py"
    write_project(folder, f"servers = '{shop.url}'\nauth.bearer = '@cmd:{command}'\ninputs.sku = '@cmd:{command}'\n")
    told = arazzo(capsys, "run", DOCUMENT)
    assert told.exit_code == 2
    assert told.err == (
        "error[value-reference-failed]: `inputs.sku` is to come from a command,"
        f" `@cmd:{sys.executable} …`, and no command may be run\n"
        " --> arazzo.toml:3:14\n"
        "  = why: whoever writes where a value is kept means the value, and never the text that says so"
        " (docs/project.md)\n"
        "  = fix: look at the command, then allow it with `--allow-commands`, or give the value in another way\n"
    )
    assert arazzo(capsys, "run", DOCUMENT, "--config", "arazzo.toml").exit_code == 2
    for harmless in ("validate", "rehearse"):
        assert arazzo(capsys, harmless, DOCUMENT, "--allow-commands").exit_code == 0
    assert not (folder / "ran").exists()
    assert not shop.requests
    assert arazzo(capsys, "run", DOCUMENT, "--allow-commands").exit_code == 0
    assert sent(shop) == ("Bearer a-secret-token", {"sku": "a-secret-token"})


FAILING = {
    "exit": ('-c "raise SystemExit(3)"', "ended with exit code 3"),
    "bytes": ("-c \"import sys; sys.stdout.buffer.write(b'\\xff')\"", "printed what is not UTF-8 text"),
    "much": ("-c \"print('x' * 1000001)\"", "printed more than 1,000,000 bytes"),
    "nothing": ('-c ""', ""),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_command_that_fails_gives_no_value(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, reason = FAILING[name]
    write_project(folder, "")
    told = arazzo(capsys, "run", DOCUMENT, "--auth", f"bearer=@cmd:{sys.executable} {arguments}", "-i", "sku=A1")
    shown = f"`@cmd:{sys.executable} …`"
    told_of_it = f"{shown} {reason}" if reason else f"what {shown} gives is empty"
    assert told.exit_code == 2
    assert told.err.startswith(f"error[value-reference-failed]: credential `bearer` has no value: {told_of_it}\n")


def test_a_command_that_takes_too_long_ends_with_the_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_project(folder, "limits.timeout = 1\n")
    waiting = f'{sys.executable} -c "import time; time.sleep(60)"'
    told = arazzo(capsys, "run", DOCUMENT, "--auth", f"bearer=@cmd:{waiting}", "-i", "sku=A1")
    assert (told.exit_code, "error[run-time-limit]" in told.err) == (4, True)


@pytest.mark.parametrize("written", ["@cmd:no-such-command-anywhere x", "@cmd:'open"])
def test_a_command_that_cannot_be_started_is_told(
    written: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    told = arazzo(capsys, "run", DOCUMENT, "--auth", f"bearer={written}", "-i", "sku=A1")
    assert (told.exit_code, "cannot be started: no" in told.err) == (2, True)


def test_a_file_of_elsewhere_is_read_only_for_a_file_that_the_user_names(
    folder: Path, shop: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = folder.parent / f"token-of-{folder.name}.txt"
    outside.write_text("a-secret-token")
    write_project(folder, f"servers = '{shop.url}'\nauth.bearer = '@file:../{outside.name}'\ninputs.sku = 'A1'\n")
    told = arazzo(capsys, "run", DOCUMENT)
    assert told.exit_code == 2
    assert (
        f"`auth.bearer` is to come from the file `../{outside.name}`, which is not of the project\n"
        " --> arazzo.toml:2:15\n" in told.err
    )
    (folder / "link.txt").symlink_to(outside)
    write_project(folder, f"servers = '{shop.url}'\nauth.bearer = '@file:link.txt'\ninputs.sku = 'A1'\n")
    assert arazzo(capsys, "run", DOCUMENT).exit_code == 2
    assert not shop.requests
    assert arazzo(capsys, "run", DOCUMENT, "--config", "arazzo.toml").exit_code == 0


@pytest.mark.parametrize(
    ("written", "message", "fix"),
    [
        ("@environment:X", "is written `@environment:…`, and there is no such reference", "did you mean `@env:`?"),
        ("@comand:X", "is written `@comand:…`, and there is no such reference", "did you mean `@cmd:`?"),
        ("@env:", "is written `@env:`, which names nothing", "write `@env:NAME`, with the name of a variable"),
    ],
)
def test_what_is_nearly_a_reference_is_never_sent_as_a_text(
    written: str, message: str, fix: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "")
    told = arazzo(capsys, "run", DOCUMENT, "--auth", f"bearer={written}", "-i", "sku=A1")
    assert told.exit_code == 2
    assert told.err.startswith(f"error[value-reference-failed]: credential `bearer` {message}\n")
    assert told.err.endswith(f"= fix: {fix}\n")


def test_where_a_credential_is_kept_is_told_and_never_what_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, '[auth]\nbearer = "@env:PAYMENTS_TOKEN"\n')
    monkeypatch.setenv("PAYMENTS_TOKEN", "a-secret-token")
    told = arazzo(capsys, "auth", DOCUMENT)
    assert told.exit_code == 0
    assert "state:     found in @env:PAYMENTS_TOKEN (arazzo.toml:2)" in told.out
    assert "a-secret-token" not in told.out + told.err


def test_a_rehearsal_needs_nothing_that_is_kept_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, 'auth.bearer = "@env:NOT_SET"\ninputs.sku = "@env:NOT_SET"\ninputs.count = 7\n')
    told = arazzo(capsys, "rehearse", DOCUMENT, "--format", "json")
    assert told.exit_code == 0, told.err
    assert 'made up: sku = "sample-sku"' in told.err
    assert "made up: credential payments.bearer (a run needs one" in told.err
    assert json.loads(told.out)["steps"][0]["request"]["body"] == '{"sku":"sample-sku","count":7,"photo":"c2FtcGxl"}'
    monkeypatch.setenv("NOT_SET", "a-long-secret")
    told = arazzo(capsys, "rehearse", DOCUMENT)
    assert "credential" not in told.err
    assert "a-long-secret" not in told.out + told.err


# --- documents of elsewhere ---


def test_a_document_of_the_network_has_no_project(
    folder: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, "broken")
    (folder / ".env").write_text("ARAZZO_AUTH_BEARER=of-the-disk\n")
    server.script("GET", "/checkout.json", *[Reply(200, body=CHECKOUT)] * 3)
    server.script("GET", "/payments.json", *[Reply(200, body=API)] * 3)
    told = arazzo(capsys, "rehearse", f"{server.url}/checkout.json")
    assert told.exit_code == 0, told.err
    told = arazzo(capsys, "run", f"{server.url}/checkout.json", "-i", "sku=A1", "--env", "staging")
    assert (told.exit_code, "there is no project file that could have it" in told.err) == (2, True)


def test_the_paths_of_a_project_file_are_not_for_a_document_of_the_network(
    folder: Path, server: RecordingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(folder, f'source-dir = "flows"\nsources.payments = "flows/payments.json"\nservers = "{server.url}"\n')
    server.script("GET", "/checkout.json", Reply(200, body=CHECKOUT))
    server.script("GET", "/payments.json", Reply(404))
    server.script("POST", "/charges", Reply(201))
    given = ("--config", "arazzo.toml", "-i", "sku=A1", "--auth", "bearer=t")
    told = arazzo(capsys, "run", f"{server.url}/checkout.json", *given)
    assert (told.exit_code, "source-not-found" in told.err) == (3, True)
    assert {request.path for request in server.requests} == {"/checkout.json", "/payments.json"}


def test_nothing_above_the_root_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "arazzo.toml").write_text("broken")
    (folder / ".env").write_text("ARAZZO_AUTH_BEARER=above\n")
    (folder / "inner" / ".git").mkdir(parents=True)
    write_project(folder / "inner", "")
    (folder / "inner" / "arazzo.toml").unlink()
    assert arazzo(capsys, "validate", f"inner/{DOCUMENT}").exit_code == 0
    told = arazzo(capsys, "run", f"inner/{DOCUMENT}", "-i", "sku=A1")
    assert (told.exit_code, "credential-missing" in told.err) == (2, True)
