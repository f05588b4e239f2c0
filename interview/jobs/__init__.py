"""The queue and its tasks."""
