"""Erasing and retention."""
