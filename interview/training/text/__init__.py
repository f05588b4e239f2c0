"""The Big Five text model: `shipping.train` writes it, `evaluate.evaluate` scores it.

Nothing is imported here: scoring needs what production has, training needs more.
"""
