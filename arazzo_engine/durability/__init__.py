"""Runs that outlive their process: what is recorded of a run, how it goes on, and where all of it is kept."""
