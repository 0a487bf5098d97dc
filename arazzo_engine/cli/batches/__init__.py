"""The command line's side of batches: what was asked for, the batch from start to end, how it ended."""
