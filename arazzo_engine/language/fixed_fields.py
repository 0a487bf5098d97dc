"""The fixed fields of each object of the specification, as a table: which there are, which are REQUIRED, since when.

The reader checks every object against its row. Nothing here knows what a field means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping


class ObjectFields(Struct, frozen=True):
    """One object of the specification: its name there, and its fields."""

    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    since_1_1: tuple[str, ...] = ()

    def allowed(self, *, version_1_1: bool) -> tuple[str, ...]:
        """Return the fields that a document of that version may use."""
        return (*self.required, *self.optional, *(self.since_1_1 if version_1_1 else ()))


# the fields of a step of which one says what it calls
TARGETS: Final = ("operationId", "operationPath", "channelPath", "workflowId")
# other fields of a step, and what it may not call beside them
NOT_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "requestBody": ("workflowId",),
    "action": ("workflowId", "operationPath"),
    "correlationId": ("workflowId", "operationPath"),
}
ARAZZO: Final = ObjectFields(
    "Arazzo Specification Object",
    required=("arazzo", "info", "sourceDescriptions", "workflows"),
    optional=("components",),
    since_1_1=("$self",),
)
INFO: Final = ObjectFields("Info Object", required=("title", "version"), optional=("summary", "description"))
SOURCE_DESCRIPTION: Final = ObjectFields("Source Description Object", required=("name", "url"), optional=("type",))
WORKFLOW: Final = ObjectFields(
    "Workflow Object",
    required=("workflowId", "steps"),
    optional=(
        "summary",
        "description",
        "inputs",
        "dependsOn",
        "successActions",
        "failureActions",
        "outputs",
        "parameters",
    ),
)
STEP: Final = ObjectFields(
    "Step Object",
    required=("stepId",),
    optional=(
        "description",
        "operationId",
        "operationPath",
        "workflowId",
        "parameters",
        "requestBody",
        "successCriteria",
        "onSuccess",
        "onFailure",
        "outputs",
    ),
    since_1_1=("channelPath", "timeout", "correlationId", "action", "dependsOn"),
)
PARAMETER: Final = ObjectFields("Parameter Object", required=("name", "value"), optional=("in",))
SUCCESS_ACTION: Final = ObjectFields(
    "Success Action Object",
    required=("name", "type"),
    optional=("workflowId", "stepId", "criteria"),
    since_1_1=("parameters",),
)
FAILURE_ACTION: Final = ObjectFields(
    "Failure Action Object",
    required=("name", "type"),
    optional=("workflowId", "stepId", "criteria", "retryAfter", "retryLimit"),
    since_1_1=("parameters",),
)
COMPONENTS: Final = ObjectFields(
    "Components Object", optional=("inputs", "parameters", "successActions", "failureActions")
)
# "any properties added MUST be ignored": what would change a component is told by the reading of references
REUSABLE: Final = ObjectFields("Reusable Object", required=("reference",), optional=("value",))
CRITERION: Final = ObjectFields("Criterion Object", required=("condition",), optional=("context", "type"))
EXPRESSION_TYPE: Final = ObjectFields("Expression Type Object", required=("type", "version"))
SELECTOR: Final = ObjectFields("Selector Object", required=("context", "selector", "type"))
REQUEST_BODY: Final = ObjectFields("Request Body Object", optional=("contentType", "payload", "replacements"))
PAYLOAD_REPLACEMENT: Final = ObjectFields(
    "Payload Replacement Object", required=("target", "value"), since_1_1=("targetSelectorType",)
)
