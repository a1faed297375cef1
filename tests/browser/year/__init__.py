"""A whole year of a small city: every step once by somebody at a browser."""
