"""YAML 1.2 texts: the values in them, the place of every node, and what is told when a text fails to be YAML."""
