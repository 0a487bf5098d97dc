"""Recording: what is remembered of a run, and the file that it is recorded in."""
