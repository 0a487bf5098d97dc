"""How a run ended, for a person: first what went wrong, then the evidence, then what was done, then what to do."""
