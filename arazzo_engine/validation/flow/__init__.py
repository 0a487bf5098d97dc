"""Where a run can go, and which step can have run before which."""
