"""HTTP/2: one exchange at a time on each connection, and what its frames say of a request that got no answer."""
