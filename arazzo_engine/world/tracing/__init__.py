"""Spans of OpenTelemetry: what a run, its workflows, steps and attempts are to whoever watches many systems at once."""
