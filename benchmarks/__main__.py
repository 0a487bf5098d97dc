"""``python -m benchmarks [--rounds N] [--batches | --rows N | --mock]``: the engine beside its floor, in figures.

``--batches`` prints those of batches alone, ``--durable [URL]`` those of runs that are kept, in a file of SQLite and in
the PostgreSQL of a URL or one of its own, by one process and by workers; ``--rows`` how long a batch of so many rows
takes, and its memory; ``--mock`` only how many requests the mock answers, for which `wrk` must be installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

from benchmarks.answering_server import answering_server
from benchmarks.batching.batches import Server, campaign, compare_batch, compare_processes
from benchmarks.command_line import (
    compare_billing_run,
    compare_checked_run,
    compare_checks,
    compare_help,
    compare_screen,
    compare_second_checks,
)
from benchmarks.descriptions import compare_description, compare_first_load, compare_second_run
from benchmarks.durable import compare_durable, in_steps_a_second
from benchmarks.mocking import compare_mock
from benchmarks.recording import compare_recorded
from benchmarks.scenarios import compare_scenarios
from benchmarks.serializing import compare_forms, compare_json_bodies, compare_parameters
from benchmarks.steps import compare_runs, compare_steps
from benchmarks.validating import compare_validation
from benchmarks.workers import steps_by_workers

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "parts"))
from postgres_server import running_postgres

_STEPS: Final = 50


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description="Measure the engine beside its floors, in one run.")
    parser.add_argument("--rounds", type=int, default=11, help="how often each side is measured")
    parser.add_argument("--batches", action="store_true", help="only the comparisons of batches")
    parser.add_argument("--durable", metavar="URL", nargs="?", const="", help="only runs that are kept, in a database")
    parser.add_argument("--rows", type=int, metavar="N", help="only one batch of N rows, and its memory")
    parser.add_argument("--mock", action="store_true", help="only the mock beside a bare application of starlette")
    arguments = parser.parse_args()
    if arguments.mock:
        print(compare_mock(max(3, arguments.rounds // 3)), flush=True)
        return
    if arguments.rows:
        with answering_server() as url:
            print(campaign(url, arguments.rows), flush=True)
        return
    if arguments.durable is not None:
        _compare_durable(max(3, arguments.rounds // 2), arguments.durable)
        return
    _compare(arguments.rounds, only_batches=arguments.batches)


def _compare_durable(rounds: int, database: str) -> None:
    os.environ.setdefault("ARAZZO_STATE_KEY", Fernet.generate_key().decode())
    with answering_server() as url, nullcontext() if database else running_postgres() as server:
        print(in_steps_a_second(compare_durable(url, _STEPS, rounds)), flush=True)
        first, *others = [database] * 4 if server is None else [server.database() for _ in range(4)]
        print(in_steps_a_second(compare_durable(url, _STEPS, rounds, first)), flush=True)
        for workers, each in zip((1, 2, 4), others, strict=True):
            print(steps_by_workers(url, each, workers, _STEPS), flush=True)


def _compare(rounds: int, *, only_batches: bool) -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {rounds} rounds in turns")
    print(f"{'':<58} {'engine':>13} {'floor':>13} {'ratio':>9}")
    _compare_batches(max(3, rounds // 2))
    if not only_batches:
        _compare_all(rounds)


def _compare_batches(rounds: int) -> None:
    for delay, rows in ((0.0, 500), (0.01, 200)):
        with answering_server(delay) as url:
            for concurrency in (1, 16, 64):
                print(compare_batch(Server(url, delay), concurrency, rounds, rows), flush=True)
    with answering_server(0.01) as url:
        print(compare_processes(Server(url, 0.01), rounds, 3000), flush=True)


def _compare_all(rounds: int) -> None:
    with answering_server() as url:
        print(compare_billing_run(url, rounds), flush=True)
        print(compare_checked_run(url, max(3, rounds // 2)), flush=True)
        print(compare_screen(url, 200, rounds), flush=True)
        for steps in (200, 1000, 10_000):
            print(compare_steps(url, steps, max(3, rounds // 2)), flush=True)
        print(compare_recorded(url, 200, max(3, rounds // 2)), flush=True)
        for threads in (1, 8):
            print(compare_runs(url, threads, max(3, rounds // 2)), flush=True)
        print(compare_second_run(url, 10_000_000, rounds), flush=True)
    print(compare_first_load(10_000_000, 3), flush=True)
    print(compare_description(5_000_000, max(3, rounds // 3)), flush=True)
    print(compare_validation(660, max(3, rounds // 3)), flush=True)
    for serializing in (compare_parameters, compare_json_bodies, compare_forms):
        print(serializing(rounds), flush=True)
    print(compare_help(rounds), flush=True)
    print(compare_checks(rounds), flush=True)
    print(compare_second_checks(32, max(3, rounds // 3)), flush=True)
    print(compare_scenarios(500, 10, max(3, rounds // 3)), flush=True)
    print(compare_mock(max(3, rounds // 3)), flush=True)


if __name__ == "__main__":
    main()
