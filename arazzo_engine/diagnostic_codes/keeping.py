"""The rules on runs that outlive their process: what is kept of them, and what may be done with one.

A code is added as ``rule`` says: one entry of this table, in its place by the alphabet.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.diagnostic_codes.rule import Code, Example, Home

RULES: Final[dict[str, Code]] = {
    "answer-needed": Code(
        summary="a request that happened is to be taken as answered, and its answer is not known",
        why="the step reads the answer, and a run that went on without it would fail for good",
        fix="give the answer in a file, or say that the request is to be sent again",
        example=Example(
            Home.KEPT, "arazzo runs resolve order-1 --happened", "arazzo runs resolve order-1 --did-not-happen"
        ),
        kind="usage",
    ),
    "batch-differs": Code(
        summary="what a batch would go on with is not what its outcomes are of",
        why="a row that has an outcome is not run again, so it must be the same row of the same batch",
        fix="go on with the rows and the workflow of that batch, or name another `--output`",
        example=Example(Home.COMMAND, "--output inputs.yaml", "--output out.jsonl"),
        kind="usage",
    ),
    "batch-running": Code(
        summary="another process is at the batch",
        why="two processes would run the same rows twice",
        fix="wait until the other one has ended, or name another `--output`",
        example=Example(Home.BATCH, "--output out.jsonl", "--output others.jsonl"),
        kind="usage",
    ),
    "queue-full": Code(
        summary="as many runs wait for a worker as may",
        why="somebody has said how many may wait, and what is not put into the queue is not sent",
        fix="wait until workers have taken some, or let more wait with `arazzo limits set --waiting N`",
        example=Example(Home.KEPT, "--detach --run-id order-2", "--run-id order-2"),
        kind="usage",
    ),
    "recording-lost": Code(
        summary="a run was not recorded to its end",
        why="what has been sent cannot be taken back, so a run goes on without its recording",
        clause="docs/recordings.md",
        fix="record the next run where there is room",
        example=None,
        severity="warning",
        kind="run",
    ),
    "recording-too-new": Code(
        summary="a recording was made by a newer engine",
        why="what a newer engine has recorded, this one might take for something else",
        clause="docs/recordings.md",
        fix="replay it with that version or a later one",
        example=Example(Home.RECORDED, "arazzo replay newer.jsonl", "arazzo replay run.jsonl"),
    ),
    "recording-unreadable": Code(
        summary="a file is no recording, or no longer the one that was made",
        why="only what was recorded can be replayed: a guess at the rest would prove nothing",
        clause="docs/recordings.md",
        fix="name a file that `arazzo run --record` has made, as it was made",
        example=Example(Home.RECORDED, "arazzo replay changed.jsonl", "arazzo replay run.jsonl"),
    ),
    "run-differs": Code(
        summary="a run that goes on would send something else than it has sent",
        why="what is recorded was answered to the request that was sent, and to no other",
        fix="go on with the documents that the run was started with, or start another run",
        example=Example(Home.KEPT, "arazzo runs resume order-1", "arazzo runs resume order-1 --as-started"),
        kind="run",
    ),
    "run-id-taken": Code(
        summary="the id of a run is that of another one",
        why="the same id gives the first result again, so it must stand for the same run",
        fix="give the run an id of its own",
        example=Example(Home.KEPT, "--run-id order-1 -i item=pen", "--run-id order-2 -i item=pen"),
        kind="usage",
    ),
    "run-not-found": Code(
        summary="there is no run of this id",
        why="only a run that is kept can be shown, resumed or settled",
        fix="name one of those that `arazzo runs list` lists",
        example=Example(Home.KEPT, "arazzo runs show oder-1", "arazzo runs show order-1"),
        kind="usage",
    ),
    "run-not-in-doubt": Code(
        summary="there is no request of the run to be settled",
        why="a request is settled once, and only one that nobody knows about",
        fix="look at the run with `arazzo runs show`",
        example=Example(Home.KEPT, "arazzo runs resolve order-1 --happened", "arazzo runs show order-1"),
        kind="usage",
    ),
    "run-not-resumable": Code(
        summary="a run cannot be resumed in the state that it is in",
        why="what is over does not go on, and what is being executed is executed once",
        fix="look at the run with `arazzo runs show`",
        example=Example(Home.KEPT, "arazzo runs resume order-1", "arazzo runs show order-1"),
        kind="usage",
    ),
    "schedule-not-found": Code(
        summary="there is no schedule of this name",
        why="only a schedule that is kept can be paused, resumed or removed",
        fix="name one of those that `arazzo schedules` lists",
        example=Example(Home.KEPT, "arazzo schedules pause nightly", "arazzo schedules list"),
        kind="usage",
    ),
    "state-key-wrong": Code(
        summary="what is kept of runs cannot be opened with the key that is there",
        why="everything that is kept is encrypted, and nothing is sent by a run that could not be kept or read",
        fix="give the key that it was written with",
        example=Example(Home.KEPT, "ARAZZO_STATE_KEY=secret arazzo runs list", "arazzo runs list"),
        kind="usage",
    ),
    "state-unavailable": Code(
        summary="the database of runs cannot be used",
        why="a durable run must not send anything that it could not record",
        fix="name a database that is there and may be written to",
        example=Example(Home.KEPT, "--database-url sqlite:////dev/null/runs", "--database-url sqlite:///runs.sqlite"),
        kind="usage",
    ),
}
