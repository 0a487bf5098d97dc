"""Answers and values made from descriptions: what a rehearsal makes up."""
