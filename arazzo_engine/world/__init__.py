"""The world a run acts on: loading, the transport, credentials, and the drivers that answer effects."""
