"""Credentials that the user gives, and what only an OAuth server or a person can grant."""
