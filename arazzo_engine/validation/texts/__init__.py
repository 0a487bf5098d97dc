"""Literal texts of a workflow: what stands there as text and was meant as something else."""
