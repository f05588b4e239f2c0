"""What a picture shows of an answer: where the face is, how it is framed, what it expresses."""
