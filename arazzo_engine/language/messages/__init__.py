"""What an HTTP exchange is to the language, and how the body of a message is read as a value."""
