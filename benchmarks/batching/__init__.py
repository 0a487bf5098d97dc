"""Batches beside bare loops that send the same."""
