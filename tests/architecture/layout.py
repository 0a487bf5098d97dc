"""The house: its stages in the order in which data flows, and the rooms of each stage in theirs.

This table is the only place from which the tests know how the package is laid out. A stage imports only itself and the
stages above it; within a stage, a room imports only itself and the rooms before it. A wing is a room of several files
and ends with a slash; any other room is a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE_NAME: Final = "arazzo_engine"
BESIDE_THE_PACKAGE: Final = ("tests", "conformance", "benchmarks", "scripts")


@dataclass(frozen=True)
class Stage:
    """A folder or file of the package; a pure one touches no network, disk, clock, chance, environment or stdout."""

    name: str
    rooms: tuple[str, ...] = ()
    is_pure: bool = True

    def room_of(self, parts: Sequence[str]) -> str:
        """Return the room in which the names below the stage lead; its ``__init__`` is the last."""
        name = parts[0] if parts else "__init__"
        return f"{name}/" if f"{name}/" in self.rooms else name

    def order_of(self, room: str) -> int:
        """Return where a room stands; one that is not in the table stands behind all others."""
        return self.rooms.index(room) if room in self.rooms else len(self.rooms)


FRONT: Final = Stage("front", is_pure=False)  # `__init__` and `__main__`: they show the stages to the outside


@dataclass(frozen=True)
class Layout:
    """The stages in their order, before the front."""

    stages: tuple[Stage, ...]

    def stage_of(self, parts: Sequence[str]) -> Stage:
        """Return the stage in which the names below the package lead."""
        return next((stage for stage in self.stages if parts and stage.name == parts[0]), FRONT)

    def order_of(self, stage: Stage) -> int:
        """Return where a stage stands; the front stands behind all others."""
        return self.stages.index(stage) if stage in self.stages else len(self.stages)


LAYOUT: Final = Layout(
    (
        Stage("patterns"),
        Stage("printable"),
        Stage("secret_names"),
        Stage("typed"),
        Stage("edits"),
        Stage(
            "diagnostic_codes",
            (
                *("rule", "texts", "objects", "expressions", "operations", "requests", "types", "flow"),
                *("inputs", "access", "projects", "running", "rehearsing", "keeping", "table"),
            ),
        ),
        Stage("words"),
        Stage("spelling"),
        Stage("vocabulary"),
        Stage("diagnostics"),
        Stage(
            "documents",
            (
                *("values", "uris", "pointers", "content", "depth", "malformed", "byte_order_marks", "outline"),
                *("watch", "sizes", "json/", "yaml/", "toml/", "positions"),
                *("document", "packed", "reading", "secret_texts"),
                "editing/",
            ),
        ),
        Stage(
            "language",
            (
                *("messages/", "expressions/", "conditions/", "queries/"),
                *("templates", "fixed_fields", "objects", "criteria", "base_uris", "declarations"),
                "sent_languages",
                *("repairs/", "reading/", "schema/", "upgrading"),
            ),
        ),
        Stage(
            "apis",
            (
                "left_out",
                "descriptions/",
                "idempotency",
                "own_headers",
                "schemas/",
                "wire_forms/",
                "hosts",
                "urls",
                "server_templates",
                "servers",
                "security/",
                "linking/",
            ),
        ),
        Stage(
            "validation",
            (
                *(
                    "inputs/",
                    "flow/",
                    "parameters",
                    "step_outputs",
                    "meant_steps",
                    "expressions",
                    "access",
                    "origins",
                    "bodies",
                    "requests",
                    "workflow_calls",
                ),
                *("said_security", "criteria", "literals/", "types/", "texts/", "checking"),
                *("needs", "reached", "ignoring", "changes/"),
            ),
        ),
        Stage(
            "reporting",
            (
                *("outcomes", "masking", "diagnostics_text", "messages/", "step_report", "lines/"),
                *("ending/", "report_json", "run_report"),
                *("scene", "events", "outputs_text", "refusals_json", "events_json"),
                *("exchanges/", "screen/"),
                *("findings/", "batches/", "needs", "plan", "pages/", "kinds/"),
            ),
        ),
        Stage(
            "machine",
            (
                *("effects", "settings", "secret_places", "secrets", "logins", "underway"),
                *("requests/", "tokens", "exchanges", "actions", "doubts", "frames", "endings", "hints"),
                *("attempts", "interpreter"),
            ),
        ),
        Stage(
            "simulation",
            (
                *(
                    "pattern_samples",
                    "examples",
                    "samples",
                    "cues",
                    "given_answers",
                    "answers",
                    "schema_ways",
                    "queries/",
                ),
                *(
                    "demands",
                    "reading/",
                    "fitting/",
                    "putting",
                    "made_headers",
                    "goals",
                    "paths/",
                    "shaping",
                    "staging",
                ),
                *("inputs", "access"),
            ),
        ),
        Stage(
            "drafting",
            (
                *("names", "plain_schemas", "fields", "matching", "polls", "stories", "draft"),
                *("exchanges", "answered", "retracing"),
            ),
        ),
        Stage("mocking", ("messages", "routes", "places", "patches", "pages", "resources", "requests", "turns")),
        Stage("scenarios", ("options", "scenario", "comparing", "verdict", "forms", "first")),
        Stage(
            "recording",
            (
                *("replies", "effects", "hiding/", "lines", "beginning", "writing", "files"),
                *("shapes", "telling", "recording", "captures", "comparing/", "covering/", "exporting"),
            ),
        ),
        Stage(
            "debugging",
            (
                *("moments", "history", "walk", "decisions", "scopes", "evaluating", "places", "breakpoints"),
                *("differing", "orders", "session", "telling"),
            ),
        ),
        Stage(
            "world",
            (
                *("http/", "drivers/", "caching/", "loading/", "projects/", "authorizing/", "contracts/", "tracing/"),
                *("connections", "preparing", "options", "reaching", "recording/"),
                *("running", "stepping", "planning", "all_paths", "logging_in"),
                *(
                    "program",
                    "batches/",
                    "rewriting/",
                    "engine",
                    "replaying/",
                    "calls",
                    "in_force",
                    "processes",
                    "validating",
                    "authoring/",
                    "mocking/",
                    "capturing/",
                ),
            ),
            is_pure=False,
        ),
        Stage(
            "durability",
            (
                *("installed", "steps", "doubts/", "asking", "recorded", "orders", "carrying", "programs/"),
                *("places", "kept/", "ledger", "replayed", "admitting", "executing", "hosting", "amending", "runs"),
                *("recording", "batches/"),
            ),
            is_pure=False,
        ),
        Stage("fleet", ("duties", "working"), is_pure=False),
        Stage("demo", ("documents", "shop"), is_pure=False),
        Stage("pytest_plugin", is_pure=False),
        Stage(
            "cli",
            (
                *("usage", "exit_codes", "bugs", "telling/", "terminal/", "refusals", "options", "inputs", "cues"),
                *("result", "opening", "running", "durable", "keeping", "batches/", "fleet/", "stepping/", "adapter/"),
                *("dry_run", "rewriting", "commands/", "group"),
            ),
            is_pure=False,
        ),
    )
)
