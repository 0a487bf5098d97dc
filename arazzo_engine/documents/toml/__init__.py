"""TOML 1.0: the value of a text, and where each key and value of it stands."""
