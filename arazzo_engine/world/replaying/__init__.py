"""Replaying: a run is made again from its recording, and compared with it effect by effect. Nothing is sent."""
