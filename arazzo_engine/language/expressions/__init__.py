"""Runtime expressions: their grammar, what they can see at one moment of a run, and how a value is looked up."""
