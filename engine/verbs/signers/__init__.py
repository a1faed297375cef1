"""Several people on one step: who signs, in which order, for how much, and what one of them says."""
