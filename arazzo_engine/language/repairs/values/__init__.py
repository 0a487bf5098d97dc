"""Repairs of whole values: what is written for another tool, and what no expression names."""
