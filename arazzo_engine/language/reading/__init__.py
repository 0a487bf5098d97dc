"""From the JSON value of a document to the objects of the language, with every problem collected."""
