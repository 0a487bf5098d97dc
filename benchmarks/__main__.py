"""``python -m benchmarks [--rounds N]``: prints every comparison, the engine beside its floor."""

from __future__ import annotations

import argparse
import os
import platform

from benchmarks.answering_server import answering_server
from benchmarks.command_line import compare_billing_run, compare_checked_run, compare_help
from benchmarks.descriptions import compare_description, compare_first_load, compare_second_run
from benchmarks.recording import compare_recorded
from benchmarks.serializing import compare_forms, compare_json_bodies, compare_parameters
from benchmarks.steps import compare_runs, compare_steps
from benchmarks.validating import compare_validation


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(description="Measure the engine beside its floors, in one run.")
    parser.add_argument("--rounds", type=int, default=11, help="how often each side is measured")
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {rounds} rounds in turns")
    print(f"{'':<58} {'engine':>13} {'floor':>13} {'ratio':>9}")
    with answering_server() as url:
        print(compare_billing_run(url, rounds), flush=True)
        print(compare_checked_run(url, max(3, rounds // 2)), flush=True)
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


if __name__ == "__main__":
    main()
