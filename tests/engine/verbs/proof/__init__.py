"""Any model, any verbs, by anybody: what the database holds is what a clerk with pen and paper would hold.

`growing` makes models, `writing` draws them, `places` and `votes` are the clerk's paper, `clerk` knows the
verbs, `machine` plays a story on a real database, `comparing` looks at all rows after every act.
"""
