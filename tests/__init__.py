"""Tests: one folder per room, named after behaviour; see README.md beside this file."""
