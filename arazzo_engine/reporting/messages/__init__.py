"""Requests and answers as a run tells them."""
