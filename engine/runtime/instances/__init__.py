"""Whole instances: listed, suspended and resumed, ended."""
