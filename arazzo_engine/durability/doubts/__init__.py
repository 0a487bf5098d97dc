"""Requests that nobody knows about: what must be known before their run can go on, and what a person says of them."""
