"""Work that is shared out among processes of this machine, with its results in the order of the work."""

from __future__ import annotations

import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")


def in_processes(work: Callable[[_Part], _Result], parts: Sequence[_Part], jobs: int) -> list[_Result]:
    """Return what the work gives for each part; in this process, when one is enough."""
    jobs = min(jobs, len(parts))
    if jobs <= 1:
        return [work(each) for each in parts]
    import multiprocessing  # noqa: PLC0415 - slow, and most commands have one document
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - the same

    # nothing else runs in this process that a fork could cut in half, and a fork has everything imported
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    quiet = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=quiet) as pool:
        return list(pool.map(work, parts))
