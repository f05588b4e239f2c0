"""Reads recordings with libav: the part of `decode` that runs in a process of its own."""
