"""From one version of a diagram to another: what differs, what is in an instance's way, its state there.

Pure, like all of this room: no database and no clock of its own. The runtime writes what comes of it.
"""
