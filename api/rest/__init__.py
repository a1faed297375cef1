"""REST under /api/v1: the same functions as the pages, for programs. RFC 9457 problems, lists with cursors.

Holds shapes and addresses only.
"""
