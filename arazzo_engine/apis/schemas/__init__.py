"""What JSON Schemas of descriptions say of a value: which hold together, where a pointer leads."""
