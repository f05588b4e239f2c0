"""The candidate's rooms: choose, answer, follow the analysis, summary, progress."""
