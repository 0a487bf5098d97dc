"""Repairs that need the API descriptions: of how a step names its operation, and of what it asks of an answer."""
