"""Steps joined to the operations and workflows that they name, in the sources that the document names."""
