"""Verbs that move tokens or end an instance, and the office's mending of what has stopped."""
