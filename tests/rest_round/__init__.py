"""A whole year of a city of 49 units, through REST calls."""
