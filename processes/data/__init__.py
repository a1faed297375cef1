"""Tables of the demonstration city, transcribed from the seeds (see README.md), and their reader."""
