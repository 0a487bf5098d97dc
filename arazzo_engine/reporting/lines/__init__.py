"""How text stands in a line: its width in columns, a person's durations, the marks of what succeeded and failed."""
