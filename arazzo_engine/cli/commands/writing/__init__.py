"""The commands for who writes and reads documents."""
