"""Tables of the averages of other candidates.

Count, mean and M2 (the sum of squared deviations) follow exactly from whole-number sums, which
concurrent workers can add to in any order without rounding; the histogram is the same rows, one
per bin. `prompt_id` 0 stands for all prompts of a mode. `pool` 0 is practice; every application
interview has a pool of its own, under its number, so that the two never mix.
"""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from interview.extensions import db

ALL_PROMPTS = 0
PRACTICE = 0
"""The pool of all practice."""


class PeerBin(db.Model):
    """One bin of one measure's histogram over candidates, with the sums of those in it."""

    __tablename__ = "peer_bins"

    pool: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=PRACTICE, server_default="0"
    )
    mode: Mapped[str] = mapped_column(String(8), primary_key=True)
    prompt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    bin: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    candidates: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    total_of_squares: Mapped[int] = mapped_column(BigInteger, default=0)


class PeerTerm(db.Model):
    """How many candidates used a word or a pair of words; `kind` is `words` or `pairs`.

    The row with the empty term counts the candidates who were scored at all.
    """

    __tablename__ = "peer_terms"

    pool: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, default=PRACTICE, server_default="0"
    )
    mode: Mapped[str] = mapped_column(String(8), primary_key=True)
    prompt_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    term: Mapped[str] = mapped_column(String(120), primary_key=True)
    candidates: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (Index(None, "pool", "mode", "prompt_id", "kind", "candidates"),)
