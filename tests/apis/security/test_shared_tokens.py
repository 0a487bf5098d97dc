"""A scheme that nothing defines is left out and told, and one token serves two schemes that get the same."""

from __future__ import annotations

from typing import Any

import pytest
from opened import described, opened

from arazzo_engine.apis.security.access import Access
from arazzo_engine.apis.security.credentials import Credential, Credentials
from arazzo_engine.apis.security.requirements import (
    check_places,
    choose_security,
    given_out_schemes,
    undefined_anyway,
    undefined_schemes,
    used_credentials,
)
from arazzo_engine.diagnostics import ArazzoError
from arazzo_engine.documents.positions import Positions

_KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def _flow(url: str = "https://id.example/token") -> dict[str, Any]:
    return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url, "scopes": {}}}}


def _operation(security: list[dict[str, list[str]]], schemes: dict[str, Any]) -> Any:
    api = opened(described("3.1.0", {"security": security}, components={"securitySchemes": schemes}))
    return api.read(api.places_of("op")[0])


def _access(**credentials: str) -> Access:
    return Access(
        credentials=Credentials({("api", name): Credential(each, "it") for name, each in credentials.items()})
    )


def test_a_scheme_that_nothing_defines_is_left_out() -> None:
    operation = _operation([{"Nowhere": []}], {})
    assert choose_security(operation, (), Access()).headers == ()
    assert [each.name for each in undefined_schemes(operation, (), Access())] == ["Nowhere"]


def test_an_alternative_that_is_defined_goes_before_one_that_is_not() -> None:
    operation = _operation([{"Nowhere": []}, {"Key": []}], {"Key": _KEY})
    assert choose_security(operation, (), _access(Key="k")).headers == (("X-Key", "k"),)
    assert undefined_schemes(operation, (), _access(Key="k")) == ()


@pytest.mark.parametrize("security", [[{"Nowhere": []}, {"Key": []}], [{"Key": []}, {"Nowhere": []}]])
def test_what_nothing_defines_is_no_alternative_where_another_is_defined(security: list[dict[str, list[str]]]) -> None:
    operation = _operation(security, {"Key": _KEY})
    with pytest.raises(ArazzoError, match=r"operation `op` of `api` needs the credential `Key`\n"):
        choose_security(operation, (), Access())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"Other": []}, id="nothing defines it either"),
        pytest.param({"Hawk": []}, id="nothing runs it"),
        pytest.param({"A": [], "B": []}, id="it cannot be written"),
        pytest.param({}, id="it asks for nothing"),
    ],
)
def test_what_nothing_defines_is_left_out_where_no_other_alternative_can_be_used(other: dict[str, list[str]]) -> None:
    schemes = {"Hawk": {"type": "http", "scheme": "hawk"}, "A": _flow(), "B": _flow("https://other.example/t")}
    operation = _operation([{"Nowhere": []}, other], schemes)
    assert choose_security(operation, (), Access()).headers == ()


def test_what_is_given_of_an_alternative_is_sent_without_what_nothing_defines() -> None:
    operation = _operation([{"Nowhere": [], "Key": []}, {"Hawk": []}, {"A": []}], {"Key": _KEY, "A": _flow()})
    assert choose_security(operation, (), _access(Key="k")).headers == (("X-Key", "k"),)
    with pytest.raises(ArazzoError, match=r"needs the credentials `Key`, or `A`\n"):
        choose_security(operation, (), Access())


def test_a_step_that_sets_the_header_itself_lacks_nothing() -> None:
    operation = _operation([{"Nowhere": []}], {})
    assert undefined_schemes(operation, (("Authorization", "header"),), Access()) == ()


def test_a_combination_still_needs_what_is_defined() -> None:
    operation = _operation([{"Nowhere": [], "Key": []}], {"Key": _KEY})
    with pytest.raises(ArazzoError, match="needs the credential `Key`"):
        choose_security(operation, (), Access())


def test_one_token_serves_two_schemes_with_one_endpoint() -> None:
    operation = _operation([{"A": ["read"], "B": ["write", "read"]}], {"A": _flow(), "B": _flow()})
    (used,) = used_credentials(operation, (), _access(A="t", B="t"))
    assert used.requirement.scopes == ("read", "write")


@pytest.mark.parametrize(
    ("schemes", "token"),
    [({"A": _flow(), "B": _flow("https://other.example/t")}, "t"), ({"A": _flow(), "B": _flow()}, "u")],
)
def test_two_tokens_in_one_place_are_refused(schemes: dict[str, Any], token: str) -> None:
    operation = _operation([{"A": [], "B": []}], schemes)
    with pytest.raises(ArazzoError, match="needs `A` and `B` in one and the same place"):
        list(used_credentials(operation, (), _access(A="t", B=token)))


_TWO: dict[str, Any] = {"A": _flow(), "B": _flow("https://other.example/t"), "Key": _KEY}


def test_an_alternative_that_cannot_be_written_is_passed_over() -> None:
    operation = _operation([{"A": [], "B": []}, {"Key": []}], _TWO)
    chosen = choose_security(operation, (), _access(A="t", B="t", Key="k"))
    assert (chosen.headers, chosen.need) == ((("X-Key", "k"),), None)
    assert list(check_places(operation, ())) == []


def test_an_operation_of_which_no_alternative_can_be_written_is_told_without_a_credential() -> None:
    (problem,) = check_places(_operation([{"A": [], "B": []}], _TWO), ())
    assert problem.code == "unsupported-feature"
    assert problem.fix == "set header `Authorization` with a step parameter"


@pytest.mark.parametrize(
    ("security", "given"),
    [
        ([{"A": [], "B": []}], ("Authorization", "header")),
        ([{"A": [], "B": []}, {}], ("X-Other", "header")),
        ([{"A": [], "Nowhere": []}], ("X-Other", "header")),
        ([{"A": [], "Key": []}], ("X-Other", "header")),
    ],
)
def test_nothing_is_told_where_a_request_can_be_written(security: list[Any], given: tuple[str, str]) -> None:
    assert list(check_places(_operation(security, _TWO), (given,))) == []


_METADATA = "https://id.example/.well-known"
_CODE: dict[str, Any] = {
    "authorizationCode": {
        "authorizationUrl": "https://id.example/a",
        "tokenUrl": "https://id.example/token",
        "scopes": {},
    }
}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_flow("https://id.example/other"), id="another path of the server"),
        pytest.param({"type": "oauth2", "flows": _CODE}, id="another flow of the server"),
        pytest.param({"type": "openIdConnect", "openIdConnectUrl": _METADATA}, id="its metadata"),
        pytest.param({"type": "http", "scheme": "bearer"}, id="a token of which nothing more is said"),
    ],
)
@pytest.mark.parametrize("given", [{"A": "t"}, {"B": "t"}, {"A": "t", "B": "t"}])
def test_one_token_of_a_server_serves_two_schemes_in_one_header(other: Any, given: dict[str, str]) -> None:
    operation = _operation([{"A": ["read"], "B": []}], {"A": _flow(), "B": other})
    assert list(check_places(operation, ())) == []
    assert choose_security(operation, (), _access(**given)).headers == (("Authorization", "Bearer t"),)


def test_of_two_schemes_that_one_token_serves_one_is_asked_for() -> None:
    operation = _operation([{"A": ["read"], "B": ["write"]}], {"A": _flow(), "B": _flow()})
    with pytest.raises(ArazzoError, match="needs the credential `A`"):
        choose_security(operation, (), Access())
    (used,) = used_credentials(operation, (), _access(B="t"))
    assert used.requirement.scopes == ("write", "read")


@pytest.mark.parametrize(
    ("security", "names"),
    [
        ([{"Nowhere": [], "Key": []}], ["Nowhere"]),
        ([{"Nowhere": [], "Key": []}, {"Other": []}], ["Nowhere"]),
        ([{"Nowhere": []}, {"Key": []}], []),
        ([{"Key": []}], []),
    ],
)
def test_what_is_left_out_whatever_is_given_is_known_before(security: list[Any], names: list[str]) -> None:
    assert [each.name for each in undefined_anyway(_operation(security, {"Key": _KEY}), ())] == names


@pytest.mark.parametrize(
    ("security", "names"),
    [
        ([{"Nowhere": [], "Key": []}], ["Nowhere"]),
        ([{"Nowhere": []}, {"Key": []}], []),
        ([{"Key": []}], []),
    ],
)
def test_where_a_credential_is_missing_that_is_left_out_which_is_so_anyway(
    security: list[Any], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = _operation(security, {"Key": _KEY})
    # that it is missing is told by whoever chooses: nobody else looks for its line
    monkeypatch.setattr(Positions, "span", None)
    assert [each.name for each in undefined_schemes(operation, (), Access())] == names
    assert given_out_schemes(operation, (), Access()) == ()
