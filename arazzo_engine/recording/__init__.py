"""Recordings of runs: what is in their lines, how their secrets are hidden, and what two of them differ in."""
