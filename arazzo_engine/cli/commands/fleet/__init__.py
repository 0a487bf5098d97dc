"""The commands on what many processes share: one file for each, as for every other."""
