"""A simulated API: which operation a request means, whether it is a right one, and what was made before."""
