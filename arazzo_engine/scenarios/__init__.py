"""Scenarios: what a workflow should do, written down beside it, and whether a rehearsal does it."""
