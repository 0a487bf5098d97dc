"""Values that are named as something else than they are described: what is meant, and where that is read."""
