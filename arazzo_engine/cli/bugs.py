"""What is said when the engine itself is wrong: where in the code, and where to tell it; never a value of the run."""

from __future__ import annotations

import platform
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def engine_version() -> str:
    """Return the version of the package, also when it is used without having been installed."""
    try:
        return version("arazzo-engine")
    except PackageNotFoundError:
        return "(not installed)"


def describe_bug(bug: Exception) -> str:
    """Return the text for a bug. The exception's own message is left out: it could quote a secret."""
    frames = traceback.extract_tb(bug.__traceback__)
    places = [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames[-8:]]
    return "\n".join(
        [
            f"this is a bug in arazzo_engine {engine_version()}, not in your document: {type(bug).__name__}",
            f"  Python {platform.python_version()} on {platform.system()}",
            *places,
            "please report it with these lines in the issue tracker of arazzo_engine",
        ]
    )
