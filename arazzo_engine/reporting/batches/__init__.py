"""How a batch is told: the outcome of each row, how long steps took, the summary."""
