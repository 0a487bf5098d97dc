"""Pages of a document for people: what it holds as values, and those as Markdown, HTML, Mermaid and JSON."""
