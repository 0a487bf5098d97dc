"""The commands that run workflows, for real or not."""
