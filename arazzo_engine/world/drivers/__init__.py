"""Drivers: what answers the effects of a run, one after the other."""
