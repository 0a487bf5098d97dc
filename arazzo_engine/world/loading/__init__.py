"""Documents and inputs: files and URLs."""
