"""The schemas of a description as JSON Schemas that stand alone, and the validator that judges values by them."""
