"""Requests and answers held to the API description."""
