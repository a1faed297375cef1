"""A city's planning as people do it: in real browsers, on a real server."""
