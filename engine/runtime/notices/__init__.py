"""Notices that leave the page: who is told of what, by which channel, and when. Never in the way of an act."""
