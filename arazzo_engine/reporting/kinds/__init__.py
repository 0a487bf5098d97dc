"""The kinds of reports that a run can leave in files: a module for each, written while it goes on where it can be."""
