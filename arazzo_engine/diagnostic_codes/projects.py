"""The rules on what stands around a document: its project file, and the values that are kept elsewhere.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "project-invalid": Code(
        summary="a project file says something that it cannot mean",
        why="what a project file says holds for every run, so nothing in it is passed over",
        clause="docs/project.md",
        fix="write a key that there is, with a value that it can have",
        example=Example(Home.COMMAND, "--env stagign", "--env staging"),
        kind="usage",
    ),
    "project-unreadable": Code(
        summary="the project file cannot be read",
        why="a project file is one TOML file, and a run without it might do something else",
        clause="docs/project.md",
        fix="name a TOML file that can be read, or leave the project out with `--no-project`",
        example=Example(Home.COMMAND, "--config nowhere.toml", "--config project.toml"),
        kind="usage",
    ),
    "secret-in-project": Code(
        summary="a project file holds a value that is named like a secret",
        why="a project file is shared with everybody who has the project, and a secret is not",
        clause="docs/project.md",
        fix="put the secret in a variable, and write `@env:NAME` in its place",
        example=Example(Home.COMMAND, "--config secrets.toml", "--config project.toml"),
        severity="warning",
        kind="usage",
    ),
    "value-reference-failed": Code(
        summary="a value that is kept in a variable, a file or a command cannot be had",
        why="whoever writes where a value is kept means the value, and never the text that says so",
        clause="docs/project.md",
        fix="set the variable, put the value into the file, or allow the command",
        example=Example(Home.COMMAND, "-i token=@file:nowhere.txt", "-i token=secret-token-1"),
        kind="usage",
    ),
}
