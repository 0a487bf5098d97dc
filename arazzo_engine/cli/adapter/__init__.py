"""The Debug Adapter Protocol over stdin and stdout: an editor is the face of a debugging session."""
