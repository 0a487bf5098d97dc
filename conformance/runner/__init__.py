"""The runner of the conformance suite: it reads cases, plays the server, asks an engine, and compares.

It uses the Python standard library alone, so that the author of any engine can run it. It knows nothing of an engine
but the JSON lines that an adapter speaks.
"""
