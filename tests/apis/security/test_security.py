"""Which alternative of a security is used, how credentials stand in a request, and what is said when one is missing."""

from __future__ import annotations

import base64
from typing import Final, TypeAlias

import pytest

from arazzo_engine.apis.descriptions.operations import (
    In,
    Operation,
    ParameterDescription,
    SecurityRequirement,
    SecurityScheme,
)
from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.authorization import DigestNeed, SecurityChoice
from arazzo_engine.apis.security.credentials import NO_CREDENTIALS, Credential, Credentials
from arazzo_engine.apis.security.oauth_client import OAuthClient
from arazzo_engine.apis.security.requirements import choose_security, satisfies
from arazzo_engine.apis.security.schemes import environment_names, ways_to_give
from arazzo_engine.diagnostics import ArazzoError, Diagnostic
from arazzo_engine.documents.reading import read_document

Alternatives: TypeAlias = tuple[tuple[str, ...], ...]

AT: Final = read_document("{}", "file:///api.yaml").root()
SCHEMES: Final = {
    scheme.name: scheme
    for scheme in (
        SecurityScheme(AT, "Key", "apiKey", location=In.HEADER, parameter_name="X-Key"),
        SecurityScheme(AT, "QueryKey", "apiKey", location=In.QUERY, parameter_name="api key"),
        SecurityScheme(AT, "CookieKey", "apiKey", location=In.COOKIE, parameter_name="sid"),
        SecurityScheme(AT, "PathKey", "apiKey", location=In.PATH, parameter_name="key"),
        SecurityScheme(AT, "NamelessKey", "apiKey", location=In.HEADER),
        # what a key says of `scheme` means nothing
        SecurityScheme(AT, "OddKey", "apiKey", "basic", In.HEADER, "X-Odd"),
        SecurityScheme(AT, "Basic", "http", "basic"),
        SecurityScheme(AT, "Bearer", "http", "bearer"),
        SecurityScheme(AT, "Digest", "http", "digest"),
        SecurityScheme(AT, "Hoba", "http", "hoba"),
        SecurityScheme(AT, "OAuth", "oauth2"),
        SecurityScheme(AT, "Oidc", "openIdConnect"),
        SecurityScheme(AT, "Tls", "mutualTLS"),
    )
}


def an_operation(*alternatives: tuple[str, ...]) -> Operation:
    security = tuple(tuple(SecurityRequirement(SCHEMES[name]) for name in alternative) for alternative in alternatives)
    return Operation(AT, "billing", "file:///api.yaml", "GET", "/charges", "listCharges", security=security)


def given(**values: str) -> Credentials:
    return Credentials({("", name): Credential(value, "--auth") for name, value in values.items()})


def choose(operation: Operation, credentials: Credentials, *parameters: tuple[str, str]) -> SecurityChoice:
    return choose_security(operation, parameters, Access(credentials=credentials))


def findings(operation: Operation, credentials: Credentials, *parameters: tuple[str, str]) -> tuple[Diagnostic, ...]:
    with pytest.raises(ArazzoError) as caught:
        choose(operation, credentials, *parameters)
    return caught.value.diagnostics


# --- users and passwords ---


@pytest.mark.parametrize(
    ("credential", "pair"),
    [
        (Credential("k3y:"), "k3y:"),
        (Credential(":p4ss"), ":p4ss"),
        (Credential(":"), ":"),
        (Credential("user:a:b"), "user:a:b"),
        (Credential(client=OAuthClient(username="k3y")), "k3y:"),
        (Credential(client=OAuthClient(password="p4ss")), ":p4ss"),
    ],
)
def test_either_of_a_user_and_a_password_may_be_empty(credential: Credential, pair: str) -> None:
    credentials = Credentials({("", "Basic"): credential, ("", "Digest"): credential})
    written = base64.b64encode(pair.encode()).decode()
    assert choose(an_operation(("Basic",)), credentials) == SecurityChoice(
        headers=(("Authorization", f"Basic {written}"),)
    )
    need = choose(an_operation(("Digest",)), credentials).need
    assert isinstance(need, DigestNeed)
    user, _, password = pair.partition(":")
    assert (need.login.user, need.login.password) == (user, password)


@pytest.mark.parametrize(
    "credential", [Credential("k3y:"), Credential("k3y:x"), Credential(client=OAuthClient(username="k3y"))]
)
def test_a_key_that_is_the_user_is_secret(credential: Credential) -> None:
    pair = credential.value or "k3y:"
    assert {"k3y", pair, base64.b64encode(pair.encode()).decode()} <= {*credential.secrets()}


def test_a_user_beside_a_password_is_no_secret_and_a_colon_alone_is_none() -> None:
    assert "user" not in Credential("user:p4ssword").secrets()
    assert Credential(":").secrets() == ()


def test_a_user_with_a_colon_is_refused_where_it_would_be_cut() -> None:
    login = Credential(client=OAuthClient(username="a:b", password="c"))
    credentials = Credentials({("", "Basic"): login, ("", "Digest"): login})
    (found,) = findings(an_operation(("Basic",)), credentials)
    assert found.code == "credential-malformed"
    assert found.message == (
        "the credential for `Basic` cannot be used: a user with a colon would lose what follows it to the password"
    )
    assert found.fix == "HTTP Basic cannot send such a user: give one without a colon"
    need = choose(an_operation(("Digest",)), credentials).need
    assert isinstance(need, DigestNeed)
    assert (need.login.user, need.login.password) == ("a:b", "c")


# --- how a credential stands in a request ---


@pytest.mark.parametrize(
    ("scheme", "value", "expected"),
    [
        ("Key", "s3cret", SecurityChoice(headers=(("X-Key", "s3cret"),))),
        ("Key", "two words", SecurityChoice(headers=(("X-Key", "two words"),))),
        ("OddKey", "s3cret", SecurityChoice(headers=(("X-Odd", "s3cret"),))),
        ("QueryKey", "a&b=ü/", SecurityChoice(query=("api%20key=a%26b%3D%C3%BC%2F",))),
        ("CookieKey", "YWJj+/==", SecurityChoice(cookies=("sid=YWJj+/==",))),
        ("CookieKey", 'a; "b"', SecurityChoice(cookies=("sid=a%3B%20%22b%22",))),
        ("Bearer", "t0ken", SecurityChoice(headers=(("Authorization", "Bearer t0ken"),))),
        ("OAuth", "t0ken", SecurityChoice(headers=(("Authorization", "Bearer t0ken"),))),
        ("Oidc", "t0ken", SecurityChoice(headers=(("Authorization", "Bearer t0ken"),))),
        # the example of RFC 7617, and the one of its section 2.1 in UTF-8
        (
            "Basic",
            "Aladdin:open sesame",
            SecurityChoice(headers=(("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),)),
        ),
        ("Basic", "test:123£", SecurityChoice(headers=(("Authorization", "Basic dGVzdDoxMjPCow=="),))),
        ("Basic", "user:", SecurityChoice(headers=(("Authorization", "Basic dXNlcjo="),))),
    ],
)
def test_a_credential_stands_where_its_scheme_says(scheme: str, value: str, expected: SecurityChoice) -> None:
    assert choose(an_operation((scheme,)), given(**{scheme: value})) == expected


@pytest.mark.parametrize(
    ("scheme", "value", "reason"),
    [
        ("Key", "", "it is empty"),
        ("Key", "a\r\nX-Admin: 1", "line break"),
        ("Key", "a\x00b", "a header cannot carry"),
        ("Key", "schlüssel", "a header cannot carry"),
        ("Key", "trailing ", "a space at an end"),
        ("QueryKey", "a\nb", "line break"),
        ("QueryKey", "a\udc80", "control character"),
        ("CookieKey", "", "it is empty"),
        ("Bearer", "t0ken\n", "line break"),
        ("Bearer", "Bearer t0ken", "the token alone"),
        ("Oidc", "bearer t0ken", "the token alone"),
        ("Basic", "only-a-user", "`user:password`"),
        ("Basic", "user:pass\nword", "line break"),
        ("Basic", "user:\udc80", "control character"),
    ],
)
def test_a_credential_that_cannot_be_sent_as_it_is_is_refused(scheme: str, value: str, reason: str) -> None:
    (found,) = findings(an_operation((scheme,)), given(**{scheme: value}))
    assert found.code == "credential-malformed"
    assert reason in found.message
    assert f"`{scheme}` from --auth" in found.message
    assert found.fix.startswith("give it as `")


# --- which alternative is used ---


@pytest.mark.parametrize(
    ("alternatives", "names", "expected"),
    [
        ((), (), ()),
        (((),), (), ()),
        (((),), ("Key",), ()),
        ((("Key",), ("Bearer",)), ("Key", "Bearer"), ("X-Key",)),
        ((("Key",), ("Bearer",)), ("Bearer",), ("Authorization",)),
        ((("Key", "Bearer"),), ("Key", "Bearer"), ("X-Key", "Authorization")),
        ((("Key", "Bearer"), ("OddKey",)), ("Key", "OddKey"), ("X-Odd",)),
        # an anonymous call is for those who have nothing, wherever the alternative stands
        (((), ("Key",)), ("Key",), ("X-Key",)),
        ((("Key",), ()), (), ()),
        # what is not run is passed over when there is another way
        ((("Tls",), ("Key",)), ("Key", "Tls"), ("X-Key",)),
        ((("Hoba", "Key"), ("Bearer",)), ("Key", "Bearer", "Hoba"), ("Authorization",)),
    ],
)
def test_the_first_alternative_of_which_everything_is_there_is_used(
    alternatives: Alternatives, names: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    chosen = choose(an_operation(*alternatives), given(**dict.fromkeys(names, "v")))
    assert tuple(name for name, _ in chosen.headers) == expected
    assert chosen.query == chosen.cookies == ()


@pytest.mark.parametrize(
    ("scheme", "parameter"),
    [
        ("Key", ("x-KEY", "header")),
        ("QueryKey", ("api key", "query")),
        ("CookieKey", ("sid", "cookie")),
        *((name, ("authorization", "header")) for name in ("Basic", "Bearer", "Digest", "Hoba", "OAuth", "Oidc")),
    ],
)
@pytest.mark.parametrize("has_credential", [False, True])
def test_a_step_parameter_in_the_same_place_satisfies_a_scheme_and_nothing_is_added(
    scheme: str, parameter: tuple[str, str], *, has_credential: bool
) -> None:
    credentials = given(**{scheme: "v"}) if has_credential else NO_CREDENTIALS
    assert choose(an_operation((scheme,)), credentials, parameter) == SecurityChoice()


@pytest.mark.parametrize(
    ("scheme", "parameter"),
    [
        ("Key", ("X-Key", "query")),
        ("QueryKey", ("API KEY", "query")),
        ("CookieKey", ("sid", "header")),
        ("Bearer", ("Authorization", "cookie")),
        ("Tls", ("Authorization", "header")),
        ("NamelessKey", ("key", "header")),
    ],
)
def test_a_step_parameter_in_another_place_satisfies_nothing(scheme: str, parameter: tuple[str, str]) -> None:
    assert findings(an_operation((scheme,)), NO_CREDENTIALS, parameter)


def test_a_step_parameter_and_a_credential_satisfy_an_alternative_together() -> None:
    chosen = choose(an_operation(("Key", "Bearer")), given(Bearer="t"), ("X-Key", "header"))
    assert chosen == SecurityChoice(headers=(("Authorization", "Bearer t"),))


def test_a_credential_for_the_source_goes_before_one_for_any() -> None:
    credentials = Credentials({("", "Key"): Credential("any"), ("billing", "Key"): Credential("its own")})
    assert choose(an_operation(("Key",)), credentials).headers == (("X-Key", "its own"),)


def test_a_credential_of_another_source_is_never_sent() -> None:
    credentials = Credentials({("shipping", "Key"): Credential("not yours")})
    assert [each.code for each in findings(an_operation(("Key",)), credentials)] == ["credential-missing"]


def test_two_schemes_that_need_the_same_header_are_not_sent_twice() -> None:
    (found,) = findings(an_operation(("Basic", "Bearer")), given(Basic="a:b", Bearer="t"))
    assert found.code == "unsupported-feature"
    assert "`Basic` and `Bearer` in one and the same place" in found.message


def test_a_certificate_of_the_client_satisfies_mutual_tls_and_adds_nothing() -> None:
    access = Access(credentials=given(Key="v"), has_client_certificate=True)
    assert choose_security(an_operation(("Tls",)), (), access) == SecurityChoice()
    assert choose_security(an_operation(("Tls", "Key")), (), access).headers == (("X-Key", "v"),)


# --- what is said when nothing satisfies it ---


@pytest.mark.parametrize(
    ("alternatives", "there", "wanted"),
    [
        ((("Key",),), {}, "the credential `Key`"),
        ((("Key", "Bearer"),), {}, "the credentials `Key` and `Bearer`"),
        ((("Key", "Bearer"),), {"Key": "v"}, "the credential `Bearer`"),
        ((("Key",), ("Basic", "QueryKey")), {}, "the credentials `Key`, or `Basic` and `QueryKey`"),
        ((("Hoba", "Basic"), ("Key",)), {}, "the credential `Key`"),
        ((("Tls",),), {}, "the credential `Tls`"),
    ],
)
def test_a_missing_credential_is_named_with_its_operation(
    alternatives: Alternatives, there: dict[str, str], wanted: str
) -> None:
    (found,) = findings(an_operation(*alternatives), given(**there))
    assert found.code == "credential-missing"
    assert found.message == f"operation `listCharges` of `billing` needs {wanted}"


def test_the_fix_lists_every_way_to_give_a_missing_credential() -> None:
    (found,) = findings(an_operation(("Basic",)), NO_CREDENTIALS)
    assert found.fix == (
        "give it with the option `--auth billing.Basic=user:password`, or the environment variable"
        " `ARAZZO_AUTH_BILLING_BASIC`, or `ARAZZO_AUTH_BASIC` for every source, with `user:password`, or a file for"
        " `--auth-file` with `Basic: user:password` or `Basic: {username: …, password: …}`, or a step"
        " parameter `Authorization` with `in: header`"
    )


@pytest.mark.parametrize(
    ("scheme", "forms"),
    [
        ("Key", ["key"]),
        ("Bearer", ["token"]),
        ("OAuth", ["token", "client_id:client_secret"]),
        ("Oidc", ["token", "client_id:client_secret"]),
    ],
)
def test_each_kind_of_scheme_asks_for_what_it_takes(scheme: str, forms: list[str]) -> None:
    listed = " or ".join(f"`--auth billing.{scheme}={form}`" for form in forms)
    assert ways_to_give("billing", SCHEMES[scheme])[0] == f"the option {listed}"


@pytest.mark.parametrize(("scheme", "ways"), [("Hoba", ("a step parameter `Authorization` with `in: header`",))])
def test_a_scheme_that_is_not_run_is_not_asked_for(scheme: str, ways: tuple[str, ...]) -> None:
    assert ways_to_give("billing", SCHEMES[scheme]) == ways
    (found,) = findings(an_operation((scheme,)), given(**{scheme: "v"}))
    assert found.code == "unsupported-feature"
    assert f"`{scheme}`" in found.message
    own = "sign it in Python with `Engine(auth={'billing.Hoba': …})`"
    assert found.fix == ", or ".join([*(f"give it with {way}" for way in ways), own])


def test_a_key_without_a_usable_place_is_the_fault_of_the_description() -> None:
    assert [each.code for each in findings(an_operation(("NamelessKey",)), given(NamelessKey="v"))] == ["api-malformed"]


def test_a_key_in_the_path_is_no_credential_that_can_be_added() -> None:
    assert choose(an_operation(("PathKey",)), given(PathKey="v")) == SecurityChoice()
    assert [each.code for each in findings(an_operation(("PathKey",), ("Key",)), NO_CREDENTIALS)] == [
        "credential-missing"
    ]


# --- names ---


@pytest.mark.parametrize(
    ("source", "scheme", "expected"),
    [
        ("billing", "Key", ("ARAZZO_AUTH_BILLING_KEY", "ARAZZO_AUTH_KEY")),
        ("my-api.v2", "api key", ("ARAZZO_AUTH_MY_API_V2_API_KEY", "ARAZZO_AUTH_API_KEY")),
        ("a", "schlüssel", ("ARAZZO_AUTH_A_SCHL_SSEL", "ARAZZO_AUTH_SCHL_SSEL")),
    ],
)
def test_environment_names_are_upper_case_with_underscores(source: str, scheme: str, expected: tuple[str, str]) -> None:
    assert environment_names(source, scheme) == expected


@pytest.mark.parametrize(
    ("name", "location", "expected"),
    [
        ("x-key", In.HEADER, True),
        ("X-Key", In.QUERY, False),
        ("sid", In.COOKIE, True),
        ("authorization", In.HEADER, False),
    ],
)
def test_a_required_parameter_may_be_the_place_of_a_credential(name: str, location: In, *, expected: bool) -> None:
    assert satisfies(an_operation(("Key",), ("CookieKey",)), ParameterDescription(AT, name, location)) is expected


# --- secrets ---


def test_every_form_of_a_credential_is_a_secret() -> None:
    values = given(Basic="user:pass:word", Key="s3cret", Empty="").values()
    assert {"user:pass:word", "pass:word", "s3cret", base64.b64encode(b"user:pass:word").decode()} <= set(values)
    assert "" not in values


def test_a_credential_does_not_show_its_value() -> None:
    credentials = given(Key="s3cret")
    assert "s3cret" not in repr(credentials) + str(credentials) + repr(credentials.find("billing", "Key"))


@pytest.mark.parametrize("scheme", ["Key", "QueryKey", "Bearer", "Basic"])
def test_no_message_shows_a_credential(scheme: str) -> None:
    for found in findings(an_operation((scheme,)), given(**{scheme: "s3cret\n"})):
        assert "s3cret" not in repr(found)
