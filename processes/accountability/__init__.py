"""问责: flags that ask for a look, what follows from a year's grades, rectification in time, recommendations.

No sanction is decided here: the office orders rectification, everything else goes to the body that decides.
"""
