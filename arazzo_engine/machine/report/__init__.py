"""What a run says about itself: its report, masked, as JSON and as text."""
