"""Secret answers: one-time codes, ballot boxes, and what closing a box does; leaders' evaluation too.

An answer never meets who gave it. Codes are printed once and kept as digests; that a code is spent stands
in a table of its own; each answer is a row with a random key, no instant and no number. When a box closes,
all rows are written anew in shuffled order under new keys, and what the database had of the old ones is
taken out of its file.
"""
