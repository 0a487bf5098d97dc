"""What a step writes out, held to what its operation describes."""
