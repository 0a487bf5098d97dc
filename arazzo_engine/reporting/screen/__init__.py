"""The screen of a run: a table that fills, one line for each step, made of the events of the run and nothing else."""
