"""Repairs: well-known mistakes of published documents, read as the specification writes what they mean.

A repair rewrites the JSON value of a document before it is read, so the reader and the interpreter know the
specification only. It is made only when exactly one reading is possible; anything else stays the error that it is.
"""
