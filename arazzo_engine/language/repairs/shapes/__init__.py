"""Repairs of objects: what is written in another field, another type or another form than the specification's."""
