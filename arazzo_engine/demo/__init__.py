"""A shop on this machine's loopback address, to try the engine against: three APIs, and a workflow that uses them."""
