"""An assertion of a program is told as the condition that asks the same; what no condition can ask is told as that."""

from __future__ import annotations

import pytest

from arazzo_engine.language.conditions.grammar import parse_condition
from arazzo_engine.language.conditions.library_values import as_value
from arazzo_engine.language.expressions.grammar import ExpressionError
from arazzo_engine.language.expressions.mistakes import TIMEOUT


def _fix(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text)
    return caught.value.fix


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        # of a status
        *((each, "$statusCode == 201") for each in ("statusCode(201)", ".then().statusCode(201);", "status(201)")),
        *((each, "$statusCode == 201") for each in ("statusCode(is(201))", "expect(res.status).toBe(201)")),
        *((each, "$statusCode == 201") for each in ("pm.response.to.have.status(201)", "status().isCreated()")),
        *((each, "$statusCode == 201") for each in ("expect(response).to have_http_status(201)", "expect(201)")),
        *(
            (each, "$statusCode == 201")
            for each in ("assertEquals(201, response.statusCode())", "assert r.status == 201")
        ),
        *((each, "$statusCode == 201") for each in ("assert_equal 201, response.status", "response.status.eql?(201)")),
        *((each, "$statusCode == 201") for each in ("assertThat(response.statusCode()).isEqualTo(201)",)),
        *((each, "$statusCode == 201") for each in ("Should Be Equal $statusCode 201", "Status Should Be  201")),
        ("Should Be Equal As Integers    ${resp.status_code}    201", "$statusCode == 201"),
        ("andExpect(status().isOk())", "$statusCode == 200"),
        ("expect(res.status).not.toBe(500)", "$statusCode != 500"),
        # of a body
        ('body("a.b", equalTo("x"))', "$response.body#/a/b == 'x'"),
        ('.and().body("total", greaterThan(3));', "$response.body#/total > 3"),
        ('body("n", not(equalTo(3)))', "$response.body#/n != 3"),
        ('body("id", notNullValue())', "$response.body#/id != null"),
        ("expect(res.body.id).toBeDefined()", "$response.body#/id != null"),
        ("pm.expect(pm.response.json().id).to.not.equal(null)", "$response.body#/id != null"),
        ("expect(jsonData.name).to.eql('it')", "$response.body#/name == 'it'"),
        ("expect(response.parsed_body['id']).to eq(7)", "$response.body#/id == 7"),
        ('assertNotNull(response.path("id"))', "$response.body#/id != null"),
        ("assert response.json()['id'] != None", "$response.body#/id != null"),
        ("assert $response.body#/id == 'a'", "$response.body#/id == 'a'"),
        ("r.json('token') !== undefined", "$response.body#/token != null"),
        ("typeof $response.body#/x !== 'undefined'", "$response.body#/x != null"),
        # of what there is, and how many
        ("res.body.token isDefined", "$response.body#/token != null"),
        ('assert "token" in resp.json()', "$response.body#/token != null"),
        ("expect(response.body).to.not.have.property('id')", "$response.body#/id == null"),
        ("isset($response.body#/a)", "$response.body#/a != null"),
        ("$this->assertNotEmpty($response.body#/id)", "$response.body#/id != null"),
        ("assert resp.status_code == 201, resp.text", "$statusCode == 201"),
        ("response.StatusCode == HttpStatusCode.Created", "$statusCode == 201"),
        ("response.IsSuccessStatusCode", "$statusCode >= 200 && $statusCode < 300"),
        ("expect(response.ok()).toBeTruthy()", "$statusCode >= 200 && $statusCode < 300"),
        ("insomnia.expect(insomnia.response.code).to.eql(202)", "$statusCode == 202"),
        ("status.in(200, 304)", "$statusCode == 200 || $statusCode == 304"),
        ("its('status').should('equal', 201)", "$statusCode == 201"),
        ('jsonPath("$.total").ofType[Int].gt(0)', "$response.body#/total > 0"),
        ('.state == "confirmed"', "$response.body#/state == 'confirmed'"),
        ("$response->getStatusCode() === 201", "$statusCode == 201"),
        ('header("ETag", notNullValue())', "$response.header.ETag != null"),
    ],
)
def test_an_assertion_is_told_as_the_condition_that_asks_the_same(text: str, condition: str) -> None:
    assert _fix(text) == f"write `{condition}`"
    parse_condition(condition)


def test_what_a_pattern_asks_is_told_as_a_criterion_with_one() -> None:
    fix = "write a criterion of its own: `context: $response.header.Content-Type`, `type: regex`, "
    assert _fix("contentType(ContentType.JSON)") == f"{fix}`condition: 'application/json'`"
    assert _fix('body("a", containsString("b"))').startswith(
        "write a criterion of its own: `context: $response.body#/a`"
    )


@pytest.mark.parametrize("text", ["time(lessThan(500L))", "expect(pm.response.responseTime).to.be.below(200)"])
def test_how_long_an_answer_took_is_told_as_the_timeout_of_its_step(text: str) -> None:
    assert _fix(text) == TIMEOUT


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("typeof $response.body === 'object'", "$response.body"),
        ("Array.isArray($response.body#/items)", "$response.body#/items"),
        ("$response.body#/items instanceof Array", "$response.body#/items"),
        ('isinstance(resp.json()["id"], int)', "$response.body#/id"),
        ("expect(res.getBody().user.id).to.be.a('string')", "$response.body#/user/id"),
    ],
)
def test_a_type_is_told_as_what_no_condition_asks_for(text: str, part: str) -> None:
    assert (
        _fix(text) == f"no condition asks for a type: ask for the value, such as `{part} != null`, or for what is in it"
    )


@pytest.mark.parametrize("text", ["foo(3)", "assert x == y", "expect(a.b).toBe(3)", "body('a', odd())"])
def test_what_is_in_no_table_is_told_as_what_there_is_not(text: str) -> None:
    assert _fix(text).endswith("there are no functions")


@pytest.mark.parametrize(
    "text",
    [
        'self.token = resp.json()["token"]',
        "const token = res.body.token;",
        'pm.environment.set("token", pm.response.json().token);',
        'token := resp.json().get("token")',
        "`jq .token`",
    ],
)
def test_a_value_that_a_program_gives_a_name_is_that_value(text: str) -> None:
    assert as_value(text) == "$response.body#/token"


@pytest.mark.parametrize("text", ["a == resp.json()", "token = 5", "resp.json().get(key)", "$(jq -r '.a | .b')"])
def test_what_computes_more_is_no_value(text: str) -> None:
    assert as_value(text) == ""
