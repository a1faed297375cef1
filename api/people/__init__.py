"""Pages of people, units, posts and the calendar, for those who administer them.

The rules (separation of administrators, names, dates) are engine.people's; these pages only ask.
"""
