"""A city's planning as its people do it: through REST, on both databases."""
