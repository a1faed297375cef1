"""Doing a task oneself: claimed, kept as a draft, completed, entered for a body outside."""
