"""Secret links: a random token for the person, its hash for the database."""

import hashlib
import secrets

TOKEN_BYTES = 32


def make() -> tuple[str, str]:
    """Return a new token and the hash by which it is found again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """Return what is stored of a token; whoever reads the database cannot make links from it."""
    return hashlib.sha256(token.encode()).hexdigest()
