"""Batches of durable runs."""
