"""The rows of values that are written in another way: in the braces of templates, or with other first words.

They are made before the other repairs of values, which look at what these write. Each has an example, which the page of
repairs shows and a test carries out.
"""

from __future__ import annotations

from typing import Final

from arazzo_engine.language.repairs import expressions
from arazzo_engine.language.repairs.rows import Repair, nothing
from arazzo_engine.language.repairs.sites import Kind
from arazzo_engine.language.repairs.values import bare_in_json, first_words, foreign_braces, space

VALUES: Final = (Kind.VALUE, Kind.OUTPUT, Kind.ARGUMENT, Kind.PARAMETER)
SENT: Final = (Kind.VALUE, Kind.ARGUMENT, Kind.PARAMETER)
WRITTEN_OTHERWISE: Final[tuple[Repair, ...]] = (
    Repair(
        "space-around-value", space.NO_SPACE, "$inputs.token ", "$inputs.token", VALUES, nothing,
        of_kind=space.around_value,
    ),
    Repair(
        "space-around-step", space.NO_SPACE, "find ", "find", (Kind.STEP_ID,), space.around_step,
    ),
    Repair(
        "space-around-workflow", space.NO_SPACE, "other ", "other", (Kind.WORKFLOW_ID,), space.around_workflow,
    ),
    Repair(
        "space-before-operation", space.NO_SPACE,
        " $sourceDescriptions.shop.findItem", "$sourceDescriptions.shop.findItem",
        (Kind.OPERATION_ID,), space.before_operation,
    ),
    Repair(
        "braces-of-templates", "a value is named by an expression, and the braces of templates are text",
        "{{token}}", "$inputs.token", SENT, foreign_braces.name_value,
    ),
    Repair(
        "output-in-braces", "a value is named by an expression, and the braces of templates are text",
        "${{ steps.find.outputs.id }}", "$steps.find.outputs.id", (Kind.OUTPUT,), foreign_braces.name_output,
    ),
    Repair(
        "template-in-parameter", "an expression within a text stands in one pair of braces, with its sign",
        "Bearer {{token}}", "Bearer {$inputs.token}", (Kind.PARAMETER,), foreign_braces.embed_in_parameter,
    ),
    Repair(
        "template-in-text", "an expression within a text stands in one pair of braces, with its sign",
        "for ${{ inputs.token }}", "for {$inputs.token}", (Kind.OUTPUT, Kind.ARGUMENT, Kind.VALUE),
        foreign_braces.embed_in_text,
    ),
    Repair(
        "bare-in-json", "an expression within a text stands in braces, and outside quotes JSON has no text",
        '{"token":$inputs.token}', '{"token":{$inputs.token}}', (Kind.VALUE,), bare_in_json.add_braces_in_json,
    ),
    Repair(
        "dot-after-sign", "nothing stands between the sign of an expression and its first word",
        "$.inputs.token", "$inputs.token", VALUES, expressions.drop_dot,
    ),
    Repair(
        "nearly-a-root", "a value is named by `$inputs.<name>` or `$steps.<stepId>.outputs.<name>`",
        "$step['find'].output.id", "$steps.find.outputs.id", VALUES, first_words.name_root,
    ),
    Repair(
        "message-by-other-words", "an answer has a `$response.body` and each `$response.header.<name>`",
        "$response.json.id", "$response.body#/id", VALUES, first_words.name_message,
    ),
    Repair(
        "output-by-path", "an output is an expression, and no text",
        "$.id", "$response.body#/id", (Kind.OUTPUT,), first_words.name_answer,
    ),
)  # fmt: skip
