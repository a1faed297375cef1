"""Open pages: no account, nothing about the visitor is kept.

Reads what planning has made public; writes comments only.
"""
