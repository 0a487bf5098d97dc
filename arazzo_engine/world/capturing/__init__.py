"""Capturing the traffic of other clients: a proxy on this machine, and the file that it writes."""
