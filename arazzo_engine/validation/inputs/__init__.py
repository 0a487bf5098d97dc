"""The inputs of a workflow: their JSON Schema, what it hides and requires, and the values that are given."""
