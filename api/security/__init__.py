"""Who is asking, and what a request may look like: sessions, headers, forgery, sizes.

No page of the work itself lives here, only log-in and one's own account.
"""
