"""Documents, inputs and what was read before: files, URLs and the cache."""
