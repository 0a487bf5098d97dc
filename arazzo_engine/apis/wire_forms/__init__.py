"""How a value stands in a request: styles, forms, multipart, XML, bytes, and the media type that decides."""
