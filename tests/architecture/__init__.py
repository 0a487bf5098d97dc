"""The rules of the house, enforced from the package's own syntax trees."""
