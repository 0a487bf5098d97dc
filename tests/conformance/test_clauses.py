"""Finding the clauses of a specification, and the tables that say which case rests on each.

The specification's text is not needed: a clause and a quotation are told by their hashes, and the tables are written by
``conformance/clauses.py``, which refuses a quotation that does not stand where it says.
"""

from __future__ import annotations

import re

import pytest
from clauses import (
    REASONS,
    Quotation,
    QuotationError,
    quotations,
    quoted,
    read_clauses,
    read_quotations,
    resting,
    said_of,
)
from runner.cases import read_cases
from specification import hash_of, sentences

_TEXT = """
## Specification

#### Thing Object

A thing `MUST` be
small (e.g. `$tiny`). It is [red](#red).

##### Fixed Fields

Field Name | Type | Description
---|:---:|---
<a name="a"></a>a | `string` \\| null | **REQUIRED**. The one. It SHOULD be short.<br>It MAY be null.

| Field Name | Description |
|---|---|
| b | It SHOULD be short. |
| `<=` | Less |

**Example**

- One item that goes on and on before it says what tools SHALL do with each of the things they find there.

```yaml
a: MUST NOT be found
```

```abnf
thing = "a" / "b"
```

## Appendix A

> It is OPTIONAL. It decides nothing.
"""
_SENTENCES = sentences("1.1.0", _TEXT)
_CASES = read_cases()


def test_each_sentence_stands_in_its_section_and_field() -> None:
    assert [(each.anchor, each.field, each.level, each.text) for each in _SENTENCES] == [
        ("thing-object", "", "must", "A thing MUST be small (e.g. $tiny)."),
        ("thing-object", "", "plain", "It is red."),
        ("thing-object", "a", "plain", "string | null"),
        ("thing-object", "a", "must", "REQUIRED."),
        ("thing-object", "a", "plain", "The one."),
        ("thing-object", "a", "should", "It SHOULD be short."),
        ("thing-object", "a", "may", "It MAY be null."),
        ("thing-object", "b", "should", "It SHOULD be short."),
        ("thing-object", "<=", "plain", "Less"),
        (
            "thing-object",
            "",
            "must",
            "One item that goes on and on before it says what tools SHALL do with each of the things they find there.",
        ),
        ("thing-object", "", "plain", 'thing = "a" / "b"'),
        ("appendix-a", "", "may", "It is OPTIONAL."),
        ("appendix-a", "", "plain", "It decides nothing."),
    ]


def test_a_sentence_decides_with_a_key_word_or_where_the_specification_says_what_is() -> None:
    assert [each.text for each in _SENTENCES if not each.decides] == ['thing = "a" / "b"', "It decides nothing."]


def test_an_excerpt_is_the_words_around_the_key_word() -> None:
    assert [each.excerpt for each in _SENTENCES if each.text.startswith("One item")] == [
        "... before it says what tools SHALL do with each of the things they ..."
    ]


def _quoted(field: str, text: str) -> list[str]:
    return [each.text for each in quoted(Quotation("1.1.0", "thing-object", field, text), _SENTENCES)]


def test_a_quotation_rests_on_the_clauses_that_it_holds_or_whose_key_words_it_has() -> None:
    assert _quoted("", "A thing MUST be small (e.g. $tiny). It is red.") == [
        "A thing MUST be small (e.g. $tiny).",
        "It is red.",
    ]
    assert _quoted("", "A thing") == []
    assert _quoted("a", "SHOULD be short. ... The one.") == ["It SHOULD be short.", "The one."]


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("", "A thing MUST be large.", "does not stand there"),
        ("b", "The one.", "does not stand there"),
        ("", "It SHOULD be short.", "stands in the fields a, b"),
    ],
)
def test_a_quotation_that_does_not_stand_in_one_field_is_refused(field: str, text: str, fault: str) -> None:
    with pytest.raises(QuotationError, match=re.escape(fault)):
        _quoted(field, text)


def test_every_quotation_was_found_in_the_specification_and_no_other_is_kept() -> None:
    assert {each.key for case in _CASES for each in quotations(case)} == set(read_quotations())


def test_every_version_of_a_case_rests_on_a_quotation() -> None:
    assert [case.key for case in _CASES if not case.clauses] == []


def test_quotations_rest_on_clauses_that_are_in_the_table() -> None:
    clauses = {each.key for each in read_clauses()}
    found = {(key[0], key[1], each) for key, hashes in read_quotations().items() for each in hashes}
    assert found - clauses == set()


def test_each_clause_names_the_cases_that_quote_it_or_a_reason() -> None:
    cases = resting(_CASES, read_quotations())
    wrong = []
    for each in read_clauses():
        said = said_of(each.key, cases, each.said)
        kind, _, reason = said.partition(": ")
        if said != each.said or (kind in REASONS and not reason) or not said:
            wrong.append(each)
    assert wrong == []


def test_each_clause_stands_once_and_is_told_by_a_hash() -> None:
    keys = [(each.version, each.anchor, each.field, each.hash) for each in read_clauses()]
    assert len(keys) == len(set(keys))
    assert {len(each.hash) for each in read_clauses()} == {len(hash_of(""))}


def test_a_level_is_no_higher_than_what_the_case_quotes() -> None:
    levels: dict[tuple[str, ...], str] = {each.key: each.level for each in read_clauses()}
    known = read_quotations()
    found = [
        case.key
        for case in _CASES
        if case.level == "should"
        and not any(
            levels[each.version, each.anchor, clause] == "should"
            for each in quotations(case)
            for clause in known[each.key]
        )
    ]
    assert found == []
