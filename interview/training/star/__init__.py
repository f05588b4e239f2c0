"""Labelled answers, and how often the rules for situation, task, action and result are right."""
