"""Running a workflow as a pure generator: effects out, replies in, a report at the end."""
