"""Application interviews: organisations, invitations, and the candidates who accept them."""
