"""Simple conditions: their grammar, the values they compare, and how two values compare."""
