"""Values held to the schemas of all the places to which they go."""
