"""What an expression yields, held against where it goes and what is read of it."""
