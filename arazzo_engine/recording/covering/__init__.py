"""Covering: what of an API and of workflows recorded runs have exercised, and where answers drifted."""
