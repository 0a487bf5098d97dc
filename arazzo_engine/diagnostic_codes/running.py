"""The rules on what comes to light while a workflow runs: answers, doubts, limits, and the result.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "contract-unchecked": Code(
        summary="an exchange could not be checked against the API description as a whole",
        why="what is not checked is said, so that a silence means that nothing was found",
        fix=("describe the exchange with what can be checked, if it should be checked; else nothing has to be done"),
        example=Example(
            Home.DESCRIPTION,
            "multipart/mixed:\n  schema: { type: array }",
            "application/xml:\n  schema: { type: string }",
        ),
        severity="warning",
        kind="run",
    ),
    "engine-bug": Code(
        summary="the engine itself is wrong",
        why="what was being done is not known to be complete, so nothing more is done",
        fix="report it, with what the message says; it is never the fault of a document",
        example=None,
        kind="run",
    ),
    "interrupted": Code(
        summary="the run was interrupted",
        why="whoever started the run, or the system, asked it to end",
        fix="run it again once it is known what was done; the report says so",
        example=Example(Home.ANSWER, "(Ctrl-C while the answer was awaited)", '{"id": "item-1", "price": 3.5}'),
        kind="run",
    ),
    "observer-bug": Code(
        summary="an observer of the run raised an exception",
        why="observers only look on: the run went on, and the exception is raised at its end",
        fix="correct the observer; what it is told is one of the events in docs/python.md",
        example=Example(
            Home.PROGRAM,
            "def observe(event):\n    print(event.no_such_field)",
            "def observe(event):\n    print(event)",
        ),
        kind="run",
    ),
    "option-invalid": Code(
        summary="an option or argument of the command cannot be used as given",
        why="the command cannot do what it is asked for in this way",
        fix="write the option as `--help` says",
        example=Example(Home.COMMAND, "--server shopApi=shop.example.com", "--server shopApi=https://shop.example.com"),
        kind="usage",
    ),
    "output-absent": Code(
        summary="an output of a workflow has no value at its end",
        why="what the output's expression names was not there",
        clause="Arazzo 1.1.0, Workflow Object, outputs",
        fix="correct what the output names, or let the step that has it run on every way to the end",
        example=Example(Home.ANSWER, "{}", '{"receipt": "receipt-1"}'),
        severity="warning",
        kind="run",
    ),
    "report-too-large": Code(
        summary="what a run has to tell is larger than the limit",
        why="what is kept until the report is written is bounded so that no loop can use up the memory",
        fix="look for a loop that makes it grow, or raise the limit with `--max-report`",
        example=Example(Home.COMMAND, "--max-report 1", "--max-report 256000000"),
        kind="run",
    ),
    "request-contract": Code(
        summary="a request is not as the API description says",
        why="the operation describes what it takes",
        clause="OpenAPI, Operation Object",
        fix="send what the operation describes, or correct the description",
        example=Example(
            Home.DESCRIPTION,
            "schema: { properties: { item: { type: integer } } }",
            "schema: { properties: { item: { type: string } } }",
        ),
        severity="warning",
        kind="run",
    ),
    "request-in-doubt": Code(
        summary="a request was sent and nobody knows what became of it",
        why=("it may have been acted upon, so a request that is not idempotent is never sent again by itself"),
        clause="RFC 9110, section 9.2.2",
        fix=(
            "find out whether it happened before anything sends it again, by hand or by a step that asks; an"
            " idempotency key makes sending it again safe"
        ),
        example=Example(Home.ANSWER, "(the connection is closed before an answer)", '{"receipt": "receipt-1"}'),
        kind="run",
    ),
    "response-contract": Code(
        summary="an answer is not as the API description says",
        why="the operation describes what it answers, and steps rely on it",
        clause="OpenAPI, Responses Object",
        fix="correct the description, or tell those who run the server",
        example=Example(
            Home.DESCRIPTION,
            "schema: { properties: { id: {}, price: { type: string } } }",
            "schema: { properties: { id: {}, price: { type: number } } }",
        ),
        severity="warning",
        kind="run",
    ),
    "response-undocumented": Code(
        summary="an answer has a status that the API description does not have",
        why="the operation lists the answers that its callers should expect",
        clause="OpenAPI, Responses Object",
        fix="add the status to the `responses` of the operation",
        example=Example(Home.STATUS, "206", "200"),
        severity="warning",
        kind="run",
    ),
    "result-unwritten": Code(
        summary="the result of a command could not be written",
        why="what a command did is not undone when what it says of it is lost",
        fix=("make room or write elsewhere; what was sent is not undone, so do not repeat it for its result alone"),
        example=Example(Home.COMMAND, "--output /dev/full", "--output result.json"),
        kind="run",
    ),
    "run-time-limit": Code(
        summary="a run or a check took longer than the time it was given",
        why="the time of a run, a rehearsal or a check is bounded by its caller",
        fix="raise the limit with `--timeout`",
        example=Example(Home.COMMAND, "--timeout 0.000001", "--timeout 60"),
        kind="run",
    ),
    "spans-unseen": Code(
        summary="spans are asked for, and OpenTelemetry has no tracer provider that takes them",
        why="whoever asks for spans wants to see them, and without a provider none is made",
        fix="start the command as `opentelemetry-instrument arazzo …`, or set a tracer provider before the run",
        example=Example(Home.COMMAND, "--otel", "--format jsonl"),
        severity="warning",
        kind="run",
    ),
    "value-too-large": Code(
        summary="a value that is made of others is larger than the limit, or nests deeper",
        why="what is made is bounded so that no value that grows from step to step can use up the memory",
        fix="look for a loop that makes it grow, or raise the limit with `--max-value`",
        example=Example(Home.COMMAND, "--max-value 130", "--max-value 64000000"),
        kind="run",
    ),
}
