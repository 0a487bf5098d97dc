"""The schemas of inputs that refer to what stands elsewhere: where it is, and how it is brought."""
