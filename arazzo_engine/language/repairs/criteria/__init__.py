"""Repairs of criteria: how conditions and queries are written in other languages, by other engines and by hand."""
