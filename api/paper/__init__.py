"""Tasks on paper: a page to print and a PDF, with the form, everybody's opinions and their signatures.

What stands on the paper is gathered once (`sheets`); no rule about who may see what is decided here.
"""
