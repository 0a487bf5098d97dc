"""Looking at a run moment by moment, forward and back: it is determined by its replies, so nothing is asked twice."""
