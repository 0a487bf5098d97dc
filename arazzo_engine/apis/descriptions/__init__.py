"""What an OpenAPI description (2.0 to 3.2) says of its operations, whichever version says it."""
