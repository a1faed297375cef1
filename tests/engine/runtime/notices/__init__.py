"""Notices that leave the page."""
