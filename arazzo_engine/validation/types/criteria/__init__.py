"""What criteria say of values that are described: what they never hold for, and what they leave to the next step."""
