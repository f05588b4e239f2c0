"""Stored averages of other candidates."""
