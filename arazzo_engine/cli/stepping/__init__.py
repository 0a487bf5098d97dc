"""Stepping through a run at a terminal: commands are read line by line, from a person or a pipe."""
