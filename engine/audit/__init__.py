"""The append-only hash chain: one for each instance, written in the step. Entries hold digests, not text."""
