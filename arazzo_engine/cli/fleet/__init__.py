"""What the commands of the fleet do, and how it is told."""
