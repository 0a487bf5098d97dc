"""What the fields of other formats say by their values, as the fields of Arazzo."""
