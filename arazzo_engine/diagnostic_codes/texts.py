"""The rules on what a text is before anything in it means something: JSON, YAML, its size and its version.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "document-too-deep": Code(
        summary="a document nests deeper than the engine reads",
        why="descriptions are untrusted, and nesting is bounded so that none can exhaust the engine",
        fix="write the value without the brackets that hold nothing, or split what it holds",
        example=Example(Home.DOCUMENT, "title: [[[[…]]]]", "title: Order a thing"),
    ),
    "document-too-large": Code(
        summary="a document is larger than the engine reads, or grows larger through its aliases",
        why="descriptions are untrusted, and size is bounded so that none can exhaust the engine",
        fix="write out what is used, or split the document; aliases of aliases multiply",
        example=Example(
            Home.DOCUMENT,
            "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]",
            "a: &a [x]\nb: &b [*a]",
        ),
    ),
    "duplicate-key": Code(
        summary="a mapping has the same key twice",
        why="only one of the two values could be used, and which one is a matter of chance",
        clause="RFC 8259, section 4; YAML 1.2.2, section 3.2.1.3",
        fix="remove one of the two",
        example=Example(Home.DOCUMENT, "version: 1.0.0\nversion: 2.0.0", "version: 2.0.0"),
    ),
    "ignore-unused": Code(
        summary="a document says to ignore what is not found in it",
        why="what is ignored without need hides the next finding of its kind",
        fix="remove the comment, or name the code that is meant",
        example=Example(
            Home.DOCUMENT,
            "title: Order a thing # arazzo-ignore: operation-not-found",
            "title: Order a thing",
        ),
        severity="warning",
    ),
    "malformed-json": Code(
        summary="a text is not JSON",
        why="nothing can be read from a text that is not well-formed",
        clause="RFC 8259",
        fix="correct the text at the place that the finding shows: mostly a comma, a quote or a bracket",
        example=Example(
            Home.INPUTS, '{"arazzo": "1.1.0", "info": {"title": True}}', '{"arazzo": "1.1.0", "info": {"title": true}}'
        ),
    ),
    "malformed-yaml": Code(
        summary="a text is not YAML",
        why="nothing can be read from a text that is not well-formed",
        clause="YAML 1.2.2",
        fix=(
            "correct the text at the place that the finding shows: mostly an indentation, or a text that needs quotes"
        ),
        example=Example(Home.DOCUMENT, "info:\n	title: Order a thing", "info:\n  title: Order a thing"),
    ),
    "not-arazzo": Code(
        summary="a document is not an Arazzo Description",
        why="an Arazzo Description is an object whose `arazzo` field holds the version",
        clause="Arazzo 1.1.0, Arazzo Specification Object",
        fix="name the Arazzo document; it lists the API descriptions in its `sourceDescriptions`",
        example=Example(Home.COMMAND, "arazzo run shop-api.yaml", "arazzo run orders.arazzo.yaml"),
    ),
    "version-unsupported": Code(
        summary="a document has a version that the engine does not know",
        why="the version decides how a document is interpreted",
        clause="Arazzo 1.1.0, Versions",
        fix="write a version that the engine knows, such as `arazzo: 1.1.0`",
        example=Example(Home.DOCUMENT, "arazzo: 2.0.0", "arazzo: 1.1.0"),
    ),
    "yaml-feature": Code(
        summary="a YAML document uses something that JSON cannot hold",
        why="an Arazzo Description is a JSON object: keys are strings and tags are those of JSON",
        clause="Arazzo 1.1.0, Format",
        fix="put the value in quotes if it is text, or write it as JSON would hold it",
        example=Example(Home.DOCUMENT, "title: !!binary aGVsbG8=", "title: hello"),
    ),
}
