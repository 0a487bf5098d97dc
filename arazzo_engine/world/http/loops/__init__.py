"""Sockets of event loops, which can still be read when nothing can be written to them any more."""
