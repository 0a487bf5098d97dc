"""What was found out before, kept in the user's cache folder: descriptions that were read, verdicts on documents."""
