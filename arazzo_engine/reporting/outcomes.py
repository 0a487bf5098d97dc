"""How a run and an attempt of a step end, and what followed an attempt. Values only."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class RunStatus(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"
    IN_DOUBT = "in-doubt"
    PAUSED = "paused"


class StepStatus(StrEnum):
    """How an attempt of a step ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ActionTaken(Struct, frozen=True):
    """The action that followed an attempt. ``name`` is empty for the default (next step, or break and return).

    ``type`` is ``next``, ``end``, ``goto`` or ``retry``; ``target`` the step or workflow id, if any;
    ``wait`` the seconds waited before the retry.
    """

    type: str
    name: str = ""
    target: str = ""
    wait: float | None = None
