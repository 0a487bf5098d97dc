"""What stands beside a document and outside of it: the project file, `.env`, and values that are kept elsewhere."""
