"""Runs Arazzo workflows of API calls, and says exactly what happened."""
