"""What queries ask of a value, so that they select something, or nothing."""
