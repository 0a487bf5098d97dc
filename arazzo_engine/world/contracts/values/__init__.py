"""Bodies and parameters as the values that are held to their schemas, whatever they are written as."""
