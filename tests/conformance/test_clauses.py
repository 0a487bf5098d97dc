"""Finding the clauses of a specification, and the table that says which case rests on each."""

from __future__ import annotations

from clauses import clauses

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
