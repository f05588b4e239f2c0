"""Analysis of written answers: documents, language, words, structure, Big Five."""
