"""Texts and the JSON values in them, with their positions; no input or output."""
