"""JSON texts (RFC 8259): the values in them, and what is told when a text fails to be JSON."""
