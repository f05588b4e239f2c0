"""Measures face, voice and both together on RAVDESS' own video files."""
