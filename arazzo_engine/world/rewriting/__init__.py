"""Writing into documents: what the text of one should be, how that is told, and its file."""
