"""Editing a text where its value changes: everything that is not said anew stays as it is, character by character."""
