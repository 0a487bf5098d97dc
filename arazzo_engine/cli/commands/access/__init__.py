"""The commands for credentials and settings."""
