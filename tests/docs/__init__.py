"""The documents are kept true: commands run, links lead somewhere, nothing is left undescribed."""
