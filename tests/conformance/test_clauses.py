"""Finding the clauses of a specification, and the table that says which case rests on each."""

from __future__ import annotations

import pytest
from clauses import VERSIONS, clauses, read_table
from runner.cases import ROOT, read_cases

_SPECIFICATIONS = ROOT.parent.parent / "shared" / "oai"
_TEXT = """
## Thing Object

A thing `MUST` be
small. It is [red](#red).

##### Fixed Fields

Field Name | Type | Description
---|:---:|---
a | `string` \\| null | **REQUIRED**. The one. It SHOULD be short.<br>It MAY be null.

| b | `string` | Nothing here must be found. |

- One item that goes on and on before it says what tools SHALL do with each of the many things they find there.

```yaml
a: MUST NOT be found
```

#### Red

> It is OPTIONAL.
"""


def test_each_sentence_with_a_key_word_is_a_clause() -> None:
    assert [(clause.anchor, clause.level, clause.words) for clause in clauses("1.1.0", _TEXT)] == [
        ("thing-object", "must", "A thing MUST be small."),
        ("thing-object", "must", "a: REQUIRED."),
        ("thing-object", "should", "a: It SHOULD be short."),
        ("thing-object", "may", "a: It MAY be null."),
        ("thing-object", "must", "... before it says what tools SHALL do with each of the many things ..."),
        ("red", "may", "It is OPTIONAL."),
    ]


@pytest.mark.skipif(not _SPECIFICATIONS.is_dir(), reason="the specification's text is not on this machine")
@pytest.mark.parametrize("version", VERSIONS)
def test_the_table_has_a_row_for_each_clause_and_no_other(version: str) -> None:
    found = clauses(version, (_SPECIFICATIONS / f"{version}.md").read_text(encoding="utf-8"))
    assert [key for key in read_table() if key[0] == version] == [clause.key for clause in found]
    assert [read_table()[clause.key][0] for clause in found] == [clause.level for clause in found]


def test_each_clause_has_cases_for_its_version_or_a_reason() -> None:
    versions = {(case.id, case.version[:3]) for case in read_cases()}
    wrong = []
    for key, (_, said) in read_table().items():
        reason = said.partition(": ")
        if reason[0] in {"asyncapi", "authors", "definition", "not visible"} and reason[2]:
            continue
        ids = [each.strip() for each in said.split(",")]
        if not all((each, key[0][:3]) in versions for each in ids):
            wrong.append((*key, said))
    assert wrong == []
