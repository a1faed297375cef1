"""Changes of targets: challenges (P04) and adjustments (P05)."""
