"""Batches: one workflow run for each of many rows, a few of them at a time."""
