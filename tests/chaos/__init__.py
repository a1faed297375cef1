"""Servers killed in the middle of their work: nothing is lost, nothing doubled."""
