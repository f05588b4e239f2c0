"""Training and scoring of the model of faces."""
