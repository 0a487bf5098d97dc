"""What is kept beside the runs: values under their names, and the processes that execute runs; and how it is sealed."""
