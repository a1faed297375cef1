"""Rectification of opinions: from what somebody says to a rate that is reached."""
