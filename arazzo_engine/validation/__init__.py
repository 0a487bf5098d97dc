"""What can be known before the first request, rule by rule."""
