"""Notices that leave the page: who is told of what, how and when. Never in the way of an act."""
