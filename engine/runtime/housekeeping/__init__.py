"""What the house does by itself from time to time: seals on the chains, and taking away what nobody needs.

History is never touched. Each chore runs on one machine at a time, in small batches.
"""
