"""评估定级: the decisions that turn marks into scores, ranks and grades, and what calls them in order.

Rules stand in the .dmn files and a city's values in its profile; Python here checks, orders and explains.
"""
