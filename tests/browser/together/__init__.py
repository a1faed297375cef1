"""Several people and several tabs at one matter, one after the other and at once: every verb, every page."""
