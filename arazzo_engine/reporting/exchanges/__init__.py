"""Exchanges as they went: for a person, as a command that can be pasted, and how the values in them were found."""
