"""Training and measuring of the speech-emotion models."""
