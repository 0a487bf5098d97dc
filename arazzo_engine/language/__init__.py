"""The Arazzo Description: its objects, the reader, runtime expressions, conditions and criteria."""
