"""The shape of each line of a recording: which members it has, and of which types.

Decides what may be relied upon when a recording is used: a seal only says that a line is the one that was written, not
by whom. A member that nobody knows is passed over.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from arazzo_engine.apis.security.credentials import Credential
from arazzo_engine.apis.security.grants import Token, TokenGrant
from arazzo_engine.language.messages.answers import NoResponse
from arazzo_engine.recording.beginning import Meant, Text
from arazzo_engine.recording.files import read_files
from arazzo_engine.reporting.outcomes import RunStatus, StepStatus
from arazzo_engine.reporting.report_json import DiagnosticForm

# the years that a date can be of
_Time: TypeAlias = Annotated[float, Meta(ge=0, lt=253_402_300_800)]
_Seconds: TypeAlias = Annotated[float, Meta(ge=0, lt=253_402_300_800)]
# a clock may have been set back meanwhile
_Span: TypeAlias = Annotated[float, Meta(gt=-253_402_300_800, lt=253_402_300_800)]
_Count: TypeAlias = Annotated[int, Meta(ge=0)]
_Headers: TypeAlias = list[tuple[str, str]]
_Findings: TypeAlias = list[DiagnosticForm]
_NoResponse: TypeAlias = NoResponse
_Attempted: TypeAlias = StepStatus
_Ended: TypeAlias = RunStatus
_Token: TypeAlias = Token
_Tokens: TypeAlias = list[tuple[TokenGrant, Token]]
_Credentials: TypeAlias = list[tuple[str, str, Credential]]
_Named: TypeAlias = Text
_Sources: TypeAlias = list[Meant]


class _Body(Struct, frozen=True):
    text: str | UnsetType = UNSET
    base64: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.text is UNSET) is (self.base64 is UNSET):
            raise ValueError("a body is a text or base64")
        if self.base64 is not UNSET:
            base64.b64decode(self.base64, validate=True)


class _Request(Struct, frozen=True):
    method: str
    url: str
    headers: _Headers
    body: _Body

    def __post_init__(self) -> None:
        urlsplit(self.url)


class _Response(Struct, frozen=True):
    status: _Count
    headers: _Headers
    body: _Body


class _Answer(Struct, frozen=True, rename="camel"):
    started_at: _Time
    elapsed: _Seconds
    hops: _Count
    notes: list[str]
    response: _Response | UnsetType = UNSET
    no_response: _NoResponse | UnsetType = UNSET
    followed: _Request | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.response is UNSET) is (self.no_response is UNSET):
            raise ValueError("an answer is a response or none")


class _Criterion(Struct, frozen=True):
    condition: str
    passed: bool
    explanation: str


class _Action(Struct, frozen=True):
    type: str
    name: str
    target: str
    wait: _Span | None


class _RunStarted(Struct, frozen=True, rename="camel", tag_field="type", tag="runStarted"):
    workflow_id: str
    run_id: str


class _Stopping(Struct, frozen=True, rename="camel", tag_field="type", tag="stopping"):
    workflow_id: str
    run_id: str


class _StepStarted(Struct, frozen=True, rename="camel", tag_field="type", tag="stepStarted"):
    workflow_id: str
    step_id: str
    attempt: int
    depth: int


class _Waiting(Struct, frozen=True, rename="camel", tag_field="type", tag="waiting"):
    workflow_id: str
    step_id: str
    seconds: _Span


class _StepFinished(Struct, frozen=True, rename="camel", tag_field="type", tag="stepFinished"):
    workflow_id: str
    step_id: str
    attempt: int
    depth: int
    status: _Attempted
    criteria: list[_Criterion]
    action: _Action | None
    outputs: dict[str, Any]
    notes: list[str]
    diagnostics: _Findings
    started_at: _Span
    elapsed: _Span


class _End(Struct, frozen=True, rename="camel"):
    workflow_id: str
    run_id: str
    status: _Ended
    outputs: dict[str, Any]
    diagnostics: _Findings
    elapsed: _Span


class _RunFinished(_End, frozen=True, rename="camel", tag_field="type", tag="runFinished"):
    pass


_Event: TypeAlias = _RunStarted | _Stopping | _StepStarted | _Waiting | _StepFinished | _RunFinished


class _Raised(Struct, frozen=True, rename="camel"):
    kind: Literal["told", "bug", "interruption"]
    is_before_sending: bool
    diagnostics: _Findings


class _Effect(Struct, frozen=True, tag_field="effect", kw_only=True):
    raised: _Raised | UnsetType = UNSET


class _Drawn(Struct, frozen=True):
    drawn: str


class _Recalled(Struct, frozen=True):
    token: _Token


class _Signed(Struct, frozen=True):
    headers: _Headers
    problem: str


class _Send(_Effect, frozen=True, tag="send", kw_only=True):
    step: tuple[str, str, int] | None
    request: _Request
    reply: _Answer | UnsetType = UNSET


class _Exchange(Struct, frozen=True):
    effect: Literal["send"]
    request: _Request
    reply: _Answer


class _Wait(_Effect, frozen=True, tag="wait", kw_only=True):
    seconds: _Seconds
    reply: UnsetType | None = UNSET


class _Emit(_Effect, frozen=True, tag="emit", kw_only=True):
    event: _Event
    reply: _Span | UnsetType = UNSET


class _Draw(_Effect, frozen=True, tag="draw", kw_only=True):
    reply: _Drawn | UnsetType = UNSET


class _Keep(_Effect, frozen=True, tag="keep", kw_only=True):
    entry: dict[str, Any]
    reply: _Drawn | UnsetType = UNSET


class _Recall(_Effect, frozen=True, tag="recall", kw_only=True):
    entry: dict[str, Any]
    reply: _Recalled | UnsetType | None = UNSET


class _Sign(_Effect, frozen=True, tag="sign", kw_only=True):
    scheme: str
    request: _Request
    reply: _Signed | UnsetType = UNSET


_ANY_EFFECT: Final = _Send | _Wait | _Emit | _Draw | _Keep | _Recall | _Sign


class _TextLine(Struct, frozen=True):
    text: str
    content: str | UnsetType = UNSET
    deflated: str | UnsetType = UNSET
    of: _Named | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.content is UNSET) is (self.deflated is UNSET):
            raise ValueError("the text of a document is its content or deflated")


class _Access(Struct, frozen=True):
    servers: dict[str, str]
    server_variables: dict[str, str]
    allowed_hosts: list[str]
    has_client_certificate: bool
    credentials: _Credentials
    signed: list[str] = []


class _Begun(Struct, frozen=True, rename="camel"):
    access: _Access
    tokens: _Tokens
    warnings: _Findings
    sources: _Sources
    started_at: _Time


def converted(value: object, kind: Any) -> Any:  # noqa: ANN401 - a type, or several, and one of it
    """Return a JSON value as one of a kind; raises ``msgspec.ValidationError``."""
    try:
        return msgspec.convert(value, kind)
    except UnicodeEncodeError as error:
        raise msgspec.ValidationError("half a character stands in a name") from error


def check_shape(value: dict[str, Any]) -> None:
    """Raise ``msgspec.ValidationError`` for a line that no engine of this form writes."""
    kinds = [each for each in ("effect", "end", "text") if each in value]
    if len(kinds) > 1:
        raise msgspec.ValidationError(f"a line is `{kinds[0]}` and `{kinds[1]}` at once")
    if "effect" in value:
        effect = converted(value, _ANY_EFFECT)
        if (effect.reply is UNSET) is (effect.raised is UNSET):
            raise msgspec.ValidationError("an effect has a reply or was raised")
    elif "end" in value:
        converted(value["end"], _End)
    elif "text" in value:
        converted(value, _TextLine)


def check_exchange(value: dict[str, Any]) -> None:
    """Raise ``msgspec.ValidationError`` for a line of a capture that no engine of this form writes."""
    if "effect" in value:
        converted(value, _Exchange)


def check_begun(value: dict[str, Any]) -> None:
    """Raise ``msgspec.ValidationError`` for a first line whose inputs, access or tokens cannot be used."""
    converted(value, _Begun)
    for called in value["workflows"]:
        try:
            read_files(called["inputs"])
        except (KeyError, TypeError, ValueError) as error:
            raise msgspec.ValidationError("a file among the inputs is not as it is written") from error
