"""Comparing: what two runs differ in, and how that is told."""
