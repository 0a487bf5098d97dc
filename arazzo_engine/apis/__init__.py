"""What a step refers to: the operations of API descriptions, how their requests look, and linking steps to them."""
