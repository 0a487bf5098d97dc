"""Many processes on many machines that execute runs of one database: workers, and what they do beside runs."""
