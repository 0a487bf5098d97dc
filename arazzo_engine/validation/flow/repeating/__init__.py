"""Requests that are sent again: to wait for something, for what comes next, or for what they did already."""
