"""Pages in a real browser: what a phone shows, what works without scripts, what the keyboard does."""
