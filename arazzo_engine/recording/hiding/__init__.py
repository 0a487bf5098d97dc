"""Hiding: which texts must not be recorded, and what stands in their place."""
