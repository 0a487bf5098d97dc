"""What a workflow reads of answers and inputs, followed down the whole way of each value."""
