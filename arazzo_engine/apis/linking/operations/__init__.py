"""What a step is told of the operation that it names: the one of a path, and what is meant where there is none."""
