"""What the security of an operation needs, what satisfies it, and how a credential stands in a request."""
