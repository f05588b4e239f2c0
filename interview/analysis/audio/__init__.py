"""Analysis of spoken answers: where speech is, how it is delivered, what the voice conveys."""
