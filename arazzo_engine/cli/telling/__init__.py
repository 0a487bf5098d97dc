"""How much a command tells of a run beside its result: every exchange, how values were found, what to type next."""
