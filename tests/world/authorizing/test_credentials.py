"""Where credentials are read from, which one is used, and that no message shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from arazzo_engine.cli.options import named_credentials
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.world.authorizing.credentials import read_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from arazzo_engine.apis.security.credentials import Credentials
    from arazzo_engine.diagnostics import Diagnostic

SCHEMES: Final = frozenset({("billing", "Key"), ("shipping", "Key"), ("billing", "Basic")})


def read(
    options: Sequence[str] = (), auth_file: str | None = None, environment: Mapping[str, str] | None = None
) -> Credentials:
    return read_credentials(named_credentials(options), auth_file, SCHEMES, environment or {})


def value(credentials: Credentials, source: str, scheme: str) -> str | None:
    found = credentials.find(source, scheme)
    return None if found is None else found.value


def only_finding(*options: str, auth_file: str | None = None) -> Diagnostic:
    with pytest.raises(ArazzoError) as caught:
        read(options, auth_file)
    (found,) = caught.value.diagnostics
    return found


@pytest.fixture
def auth_file(tmp_path: Path) -> Path:
    return tmp_path / "auth.yml"


# --- which one is used ---


@pytest.mark.parametrize("option", ["Key=from option", "billing.Key=from option"])
@pytest.mark.parametrize("written", ["Key: from file", "billing: {Key: from file}"])
@pytest.mark.parametrize("variable", ["ARAZZO_AUTH_KEY", "ARAZZO_AUTH_BILLING_KEY"])
def test_the_option_wins_over_the_file_and_the_file_over_the_environment_however_they_are_named(
    option: str, written: str, variable: str, auth_file: Path
) -> None:
    auth_file.write_text(written)
    environment = {variable: "from environment"}
    assert value(read([option], str(auth_file), environment), "billing", "Key") == "from option"
    assert value(read([], str(auth_file), environment), "billing", "Key") == "from file"
    assert value(read([], None, environment), "billing", "Key") == "from environment"


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_given_for_the_source_wins_over_what_is_given_for_any(order: int, auth_file: Path) -> None:
    options = ["Key=any", "billing.Key=its own"][::order]
    auth_file.write_text("\n".join(["Key: any", "billing: {Key: its own}"][::order]))
    environment = {"ARAZZO_AUTH_KEY": "any", "ARAZZO_AUTH_BILLING_KEY": "its own"}
    for credentials in (read(options), read([], str(auth_file)), read([], None, environment)):
        assert value(credentials, "billing", "Key") == "its own"
        assert value(credentials, "shipping", "Key") == "any"
        assert value(credentials, "billing", "Basic") is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["Basic=user:pass=word"], "user:pass=word"),
        (["Basic=first", "Basic=second"], "second"),
        (["Basic= spaced "], " spaced "),
    ],
)
def test_the_value_of_an_option_is_everything_after_the_first_equals_sign(options: list[str], expected: str) -> None:
    assert value(read(options), "billing", "Basic") == expected


def test_a_credential_says_where_it_came_from(auth_file: Path) -> None:
    auth_file.write_text("shipping: {Key: a}")
    credentials = read(["Basic=a:b"], str(auth_file), {"ARAZZO_AUTH_BILLING_KEY": "c"})
    origins = {key: each.origin for key, each in credentials.by_scheme.items()}
    assert origins == {
        ("billing", "Basic"): "--auth",
        ("shipping", "Key"): f"--auth-file {auth_file}",
        ("billing", "Key"): "ARAZZO_AUTH_BILLING_KEY",
    }


def test_the_environment_of_the_process_is_used_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARAZZO_AUTH_BASIC", "a:b")
    assert value(read_credentials({}, None, SCHEMES), "billing", "Basic") == "a:b"


def test_a_file_may_hold_what_no_step_needs(auth_file: Path) -> None:
    auth_file.write_text("Other: x\nelsewhere: {Key: y}\nBasic: 'a:b'\n")
    credentials = read([], str(auth_file))
    assert list(credentials.by_scheme) == [("billing", "Basic")]


# --- what is refused ---


@pytest.mark.parametrize("option", ["Key", "c2VjcmV0", "c2VjcmV0==", "Key=", ""])
def test_an_option_of_another_form_is_refused_without_showing_it(option: str) -> None:
    found = only_finding(option)
    assert (found.code, found.fix) == ("option-invalid", "write `--auth scheme=value`")
    assert "c2VjcmV0" not in repr(found)


@pytest.mark.parametrize(
    ("option", "fix"),
    [
        ("key=s3cret", "did you mean `Key`?"),
        ("biling.Key=s3cret", "did you mean `billing.Key`?"),
        ("shipping.Basic=s3cret", "use one of `Basic`, `billing.Basic`, `Key`, `billing.Key`, `shipping.Key`"),
        ("zzz=s3cret", "use one of `Basic`, `billing.Basic`, `Key`, `billing.Key`, `shipping.Key`"),
    ],
)
def test_an_option_for_a_scheme_that_no_step_needs_is_refused_with_the_names_there_are(option: str, fix: str) -> None:
    found = only_finding(option)
    assert (found.code, found.fix) == ("option-invalid", fix)
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "a mapping"),
        ("- s3cret", "a mapping"),
        ("s3cret", "a mapping"),
        ("Key: 00123456789", "must be a string"),
        ("billing: {Key: [s3cret]}", "must be a string"),
        ("Key: true", "must be a string"),
        ("Key:", "must be a string"),
    ],
)
def test_a_file_that_gives_no_credentials_is_refused_without_showing_it(
    written: str, reason: str, auth_file: Path
) -> None:
    auth_file.write_text(written)
    found = only_finding(auth_file=str(auth_file))
    assert found.code == "credentials-unreadable"
    assert reason in found.message
    assert "s3cret" not in repr(found)
    assert "123456789" not in repr(found)


@pytest.mark.parametrize(
    "written",
    [
        b"Key: s3cret\nKey: s3cret",
        b"Key: 's3cret",
        b"Key: \xff s3cret",
        b'{"Key": "s3cret",, }',
        b"Key: !!python s3cret",
    ],
)
def test_a_file_that_cannot_be_read_is_told_without_its_lines(written: bytes, auth_file: Path) -> None:
    auth_file.write_bytes(written)
    with pytest.raises(ArazzoError) as caught:
        read([], str(auth_file))
    assert "s3cret" not in repr(caught.value.diagnostics)
    assert caught.value.diagnostics[0].location is not None


@pytest.mark.parametrize(
    ("name", "reason"), [("missing.yml", "no such file"), (".", "is a directory"), ("a\0b", "no name")]
)
def test_a_file_that_cannot_be_opened_is_told(name: str, reason: str, tmp_path: Path) -> None:
    found = only_finding(auth_file=str(tmp_path / name))
    assert (found.code, found.fix) == ("credentials-unreadable", "name an existing file")
    assert reason in found.message


@pytest.mark.parametrize(
    "written",
    [
        "Key: *s3cret",
        "Key: !!int s3cret",
        "s3cret: {Key: 1}",
        "s3cret: a\ns3cret: b",
        '{"Key": "s3cret"',
        "Key: 's3cret",
    ],
)
def test_of_a_file_that_cannot_be_read_only_the_place_is_told(written: str, auth_file: Path) -> None:
    auth_file.write_text(written)
    found = only_finding(auth_file=str(auth_file))
    assert found.location is not None
    assert "s3cret" not in repr(found)


# --- names that could mean two ---

TWO: Final = frozenset({("billing", "ApiKey"), ("other", "billing_ApiKey")})


@pytest.mark.parametrize(
    "schemes",
    [TWO, {("billing", "a-b"), ("billing", "a_b")}, {("billing", "ApiKey"), ("shipping", "apikey")}],
)
def test_a_variable_that_could_mean_two_credentials_is_refused(schemes: frozenset[tuple[str, str]]) -> None:
    from arazzo_engine.apis.security.schemes import environment_names

    both = set.intersection(*(set(environment_names(*each)) for each in schemes))
    with pytest.raises(ArazzoError) as caught:
        read_credentials({}, None, schemes, dict.fromkeys(both, "s3cret"))
    (found,) = caught.value.diagnostics
    assert found.code == "option-invalid"
    assert all(scheme in found.message and scheme in found.fix for _, scheme in schemes)
    assert "s3cret" not in repr(found)


def test_a_variable_that_could_mean_two_is_no_matter_when_both_are_given_otherwise() -> None:
    environment = {"ARAZZO_AUTH_BILLING_APIKEY": "s3cret"}
    credentials = read_credentials({"billing.ApiKey": "a", "billing_ApiKey": "b"}, None, TWO, environment)
    assert {key: each.value for key, each in credentials.by_scheme.items()} == {
        ("billing", "ApiKey"): "a",
        ("other", "billing_ApiKey"): "b",
    }


def test_an_option_that_could_mean_two_credentials_is_refused() -> None:
    schemes = {("billing", "Key"), ("other", "billing.Key")}
    with pytest.raises(ArazzoError, match="stands for more than one credential"):
        read_credentials({"billing.Key": "a"}, None, schemes, {})
