"""The commands that help with the others."""
