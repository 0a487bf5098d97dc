"""What a new version of an API breaks: what is found with it and was not found before, step by step."""
