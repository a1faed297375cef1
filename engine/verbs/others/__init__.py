"""Verbs that concern others: handed over, asked, urged, copied, followed, commented; and who may not."""
