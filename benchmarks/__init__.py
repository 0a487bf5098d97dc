"""Benchmarks: each measures the engine beside a floor in one run, and prints the ratio. ``python -m benchmarks``."""
