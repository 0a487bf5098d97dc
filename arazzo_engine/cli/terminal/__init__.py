"""What a person sees and types: the streams, the width of the screen, the progress of a run, a login."""
