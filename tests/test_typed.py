"""The values that people make and look at: a wrong type is told at once, and what they show is short and no secret."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import rich.console

from arazzo_engine import Credential, Credentials, Diagnostic, Engine, Location, OAuthClient
from arazzo_engine.apis.linking.linked import WorkflowKey
from arazzo_engine.apis.security.access import Access
from arazzo_engine.diagnostics import diagnose
from arazzo_engine.language.criteria import CriterionResult
from arazzo_engine.language.expressions.scope import Scope
from arazzo_engine.language.messages.answers import Failure, NoResponse
from arazzo_engine.language.messages.exchange import Request, Response
from arazzo_engine.machine.attempts import Attempt
from arazzo_engine.machine.doubts import Doubt, Doubts
from arazzo_engine.machine.effects import Send
from arazzo_engine.machine.exchanges import Exchanged, Proofs
from arazzo_engine.machine.frames import Exchange, Frame, Run, WorkflowResult
from arazzo_engine.machine.interpreter import Call, Session
from arazzo_engine.machine.requests.building import Built
from arazzo_engine.machine.requests.parts import Parts
from arazzo_engine.machine.secrets import Secrets
from arazzo_engine.machine.settings import Limits, Settings
from arazzo_engine.machine.tokens import Tokens
from arazzo_engine.machine.underway import Underway
from arazzo_engine.reporting.events import RunFinished, RunStarted, StepFinished, StepStarted, Waiting
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
from arazzo_engine.reporting.run_report import RunReport
from arazzo_engine.reporting.step_report import StepReport
from arazzo_engine.typed import Silent, SilentState
from arazzo_engine.world.http.addresses import read_url
from arazzo_engine.world.http.channels import Outgoing
from arazzo_engine.world.http.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable

_SCHEMES = "`by_scheme` of `Credentials` must be `Mapping[tuple[str, str], Credential]`"
_PATH = "str | PathLike[str]"
_DIRS = f"Sequence[{_PATH}]"
_ONE = "str | Credential | OAuthClient | Reference"
_GIVEN = f"`credentials` of `Engine` must be `Mapping[str, {_ONE}] | Credentials | Callable`"
_SECRET = "a-long-secret"
_ADDRESS = read_url("https://h/")[0]
_CLIENT = OAuthClient("me", _SECRET, "somebody", _SECRET, _SECRET)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Credential(_wrong(5)), "`value` of `Credential` must be `str`, not `int`"),
        (
            lambda: Credential("x", client=_wrong("c")),
            "`client` of `Credential` must be `OAuthClient | None`, not `str`",
        ),
        (
            lambda: Credentials(_wrong({"bearer": 1})),
            f"{_SCHEMES}, and holds `str` instead of `tuple[str, str]`",
        ),
        (
            lambda: Credentials(_wrong({("", "bearer"): _SECRET})),
            f"{_SCHEMES}, and holds `str` instead of `Credential`",
        ),
        (
            lambda: Credentials(_wrong({("a", "b", "c"): Credential("x")})),
            f"{_SCHEMES}, and holds `tuple` instead of `tuple[str, str]`",
        ),
        (lambda: Access(servers=_wrong("http://x")), "`servers` of `Access` must be `Mapping[str, str]`, not `str`"),
        (
            lambda: Access(servers=_wrong({"a": None})),
            "`servers` of `Access` must be `Mapping[str, str]`, and holds `None` instead of `str`",
        ),
        (lambda: Access(allowed_hosts=_wrong("x")), "`allowed_hosts` of `Access` must be `tuple[str, ...]`, not `str`"),
        (lambda: Access(credentials=_wrong({})), "`credentials` of `Access` must be `Credentials`, not `dict`"),
        (
            lambda: Access(has_client_certificate=_wrong(1)),
            "`has_client_certificate` of `Access` must be `bool`, not `int`",
        ),
        (lambda: Limits(steps=_wrong("x")), "`steps` of `Limits` must be `int`, not `str`"),
        (lambda: Limits(steps=True), "`steps` of `Limits` must be `int`, not `bool`"),
        (lambda: Limits(wait=_wrong(None)), "`wait` of `Limits` must be `float`, not `None`"),
        (lambda: Settings(step_timeout=_wrong("3")), "`step_timeout` of `Settings` must be `float | None`, not `str`"),
        (lambda: Settings(_wrong(Limits())), "`access` of `Settings` must be `Access`, not `Limits`"),
        (
            lambda: OAuthClient(client_secret=_wrong(b"x")),
            "`client_secret` of `OAuthClient` must be `str`, not `bytes`",
        ),
        (lambda: OAuthClient(scopes=_wrong("a b")), "`scopes` of `OAuthClient` must be `tuple[str, ...]`, not `str`"),
        (lambda: Engine(step_timeout=_wrong("3")), "`step_timeout` of `Engine` must be `float`, not `str`"),
        (lambda: Engine(source_dirs="here"), f"`source_dirs` of `Engine` must be `{_DIRS}`, not `str`"),
        (
            lambda: Engine(source_dirs=[_wrong(5)]),
            f"`source_dirs` of `Engine` must be `{_DIRS}`, and holds `int` instead of `{_PATH}`",
        ),
        (
            lambda: Engine(check=_wrong("on")),
            "`check` of `Engine` must be `Literal['off', 'warn', 'error']`, not `str`",
        ),
        (lambda: Engine(on_event=_wrong("x")), "`on_event` of `Engine` must be `Callable`, not `str`"),
        (lambda: Engine(credentials=_wrong({"key": 5})), f"{_GIVEN}, and holds `int` instead of `{_ONE}`"),
        (lambda: Engine(credentials=_wrong(_SECRET)), f"{_GIVEN}, not `str`"),
        (lambda: OAuthClient(**_wrong({"scope": "a"})), "Unexpected keyword argument 'scope'"),
    ],
)
def test_a_wrong_type_is_told_when_the_value_is_made(make: Callable[[], object], said: str) -> None:
    with pytest.raises(TypeError) as raised:
        make()
    assert str(raised.value) == said


def _wrong(value: object) -> Any:
    return value


def test_an_integer_will_do_for_seconds() -> None:
    assert (Limits(wait=3).wait, Settings(step_timeout=3).step_timeout) == (3, 3)


_STEP = StepReport(
    "order",
    "charge",
    2,
    StepStatus.FAILED,
    request=Request("POST", f"https://me:{_SECRET}@x.example/{_SECRET}?key={_SECRET}", content=b"x"),
    response=Response(402, (("Set-Cookie", _SECRET),), _SECRET.encode()),
    outputs={"token": _SECRET},
    secrets=(_SECRET,),
)
_REPORT = RunReport(RunStatus.FAILED, "order", "r1", {"token": _SECRET}, (_STEP,), secrets=(_SECRET,))
_ACCESS = Access(
    {"shop": f"https://me:{_SECRET}@x.example", "": "https://y.example"},
    {"shop.region": _SECRET},
    Credentials({("shop", "bearer"): Credential(_SECRET, "--auth"), ("", "login"): Credential(client=_CLIENT)}),
)
_SHOWN = [
    (_CLIENT, "OAuthClient(client_id='me')"),
    (Credential(_SECRET, "--auth", _CLIENT), "Credential(origin='--auth')"),
    (_ACCESS.credentials, "Credentials(shop.bearer login)"),
    (_ACCESS, "Access(servers: shop *, server_variables: shop.region, credentials: shop.bearer login)"),
    (Access(has_client_certificate=True, allowed_hosts=("h",)), "Access(allowed_hosts: h, client certificate)"),
    (
        Settings(Access(), Limits(steps=5)),
        "Settings(Access(), Limits(steps=5, nesting=16, wait=300.0), step_timeout=None)",
    ),
    (_STEP.request, "Request(POST https://x.example, 1 byte)"),
    (_STEP.response, "Response(402, 13 bytes)"),
    (NoResponse(Failure.TIMEOUT, _SECRET), "NoResponse(timeout, sent)"),
    (
        CriterionResult("$response.body#/t == 'x'", passed=False, explanation=f"'{_SECRET}' == 'x'"),
        "CriterionResult($response.body#/t == 'x': failed)",
    ),
    (_STEP, "StepReport(order.charge, attempt 2: failed with 402)"),
    (_REPORT, "RunReport(order: failed, 1 step, run r1)"),
    (Location("orders.yaml", 3, 5, "/x", _SECRET), "Location(orders.yaml:3:5)"),
    (diagnose("step-limit", _SECRET, Location("a.yaml", 3, 5)), "Diagnostic(error[step-limit] at a.yaml:3:5)"),
    (RunStarted("r1", "order"), "RunStarted(run_id='r1', workflow_id='order', scene=None)"),
    (StepStarted("order", "charge", 1, 0, (_SECRET,)), "StepStarted(order.charge, attempt 1)"),
    (StepFinished(_STEP), "StepFinished(report=StepReport(order.charge, attempt 2: failed with 402))"),
    (Waiting("order", "charge", 1.5), "Waiting(workflow_id='order', step_id='charge', seconds=1.5)"),
    (RunFinished(_REPORT), "RunFinished(report=RunReport(order: failed, 1 step, run r1))"),
]


@pytest.mark.parametrize(("value", "shown"), _SHOWN, ids=[type(value).__name__ for value, _ in _SHOWN])
def test_a_value_shows_itself_in_one_short_line_without_a_secret(value: object, shown: str) -> None:
    assert repr(value) == shown


@pytest.mark.parametrize("value", [value for value, _ in _SHOWN], ids=[type(value).__name__ for value, _ in _SHOWN])
def test_rich_shows_no_more_than_that(value: object) -> None:
    written = io.StringIO()
    rich.console.Console(file=written, width=400).print(value)
    assert " ".join(written.getvalue().split()).replace("( ", "(").replace(" )", ")") == repr(value)


def test_a_long_condition_is_cut() -> None:
    shown = repr(CriterionResult("$statusCode == 200 ||\n" * 20, passed=True, explanation=""))
    assert len(shown) < 120
    assert "\n" not in shown


def test_a_diagnostic_says_all_of_it_as_text() -> None:
    found = Diagnostic("x", diagnose("step-limit", "").severity, "it is wrong", "so it is", "do it right")
    assert str(found) == "error[x]: it is wrong\n = why: so it is\n = fix: do it right"


# --- what a run holds while it goes on ---


def test_what_a_run_holds_shows_nothing_of_it() -> None:
    request = Request("POST", "https://h/a", (("Authorization", f"Bearer {_SECRET}"),), _SECRET.encode(), _SECRET)
    named = {"a": _SECRET}
    held = (
        Send(request, None),
        Exchange(request, Response(200, (), _SECRET.encode())),
        WorkflowResult(succeeded=True, outputs=named),
        Scope(inputs=named, steps={"s": named}),
        Call(WorkflowKey("file:///a.json", "w"), named),
        Proofs(answers={_SECRET: None}),
        Tokens(seen={_SECRET: None}),
        Outgoing(b"GET", _ADDRESS, _SECRET.encode(), [(b"key", _SECRET.encode())], b"", 0.0),
    )
    for each in held:
        console = rich.console.Console(file=io.StringIO(), width=400)
        console.print(each)
        shown = (repr(each), str(each), f"{[each]}", console.file.getvalue())  # type: ignore[attr-defined]  # it is a text
        assert not any(_SECRET in text or "Bearer" in text for text in shown), type(each)
        assert repr(each) == f"{type(each).__name__}(…)"


def test_every_value_of_the_machine_that_holds_what_was_given_or_answered_is_silent() -> None:
    for kind in (Run, Frame, Session, Attempt, Exchanged, Underway, Doubt, Doubts, Sending, Secrets, Built, Parts):
        assert issubclass(kind, Silent | SilentState), kind
