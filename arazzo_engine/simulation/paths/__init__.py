"""Every path of a workflow: what can follow each step, which answer leads there, and what was come to."""
