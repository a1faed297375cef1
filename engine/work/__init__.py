"""Human work: items and their history, who gets them, the inbox, and what a stage binds to a step.

Nothing here moves a token.
"""
