"""Criteria and selectors in languages of their own: JSONPath (two), XPath, regular expressions, pointers."""
