"""JSONPath: of RFC 9535, over both lines of releases of its library, and of the draft that came before."""
