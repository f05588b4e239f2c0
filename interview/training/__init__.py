"""Data sets, networks, fitting, evaluation and cards: everything that writes ``models/``."""
