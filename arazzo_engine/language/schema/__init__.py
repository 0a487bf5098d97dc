"""The JSON Schema of Arazzo documents, for editors and other programs that check a document while it is written."""
