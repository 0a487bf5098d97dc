"""Inputs: completed with their defaults at every level, and checked against the workflow's JSON Schema.

Decides whether a workflow may start with the inputs it is given. ``jsonschema-rs`` decides fast; ``jsonschema`` is
asked only to explain a refusal.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from arazzo_engine.diagnostics import ArazzoError, Diagnostic, diagnose, did_you_mean
from arazzo_engine.documents.pointers import render_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arazzo_engine.documents.values import JsonValue
    from arazzo_engine.language.objects import Workflow
    from arazzo_engine.language.scope import Values
