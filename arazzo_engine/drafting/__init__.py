"""First documents, made from API descriptions: which operations they call, and what flows from one to the next."""
