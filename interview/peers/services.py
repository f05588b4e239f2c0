"""Stored averages of other candidates: counting a report, and comparing one with them.

Functions run inside the caller's transaction and never commit.
"""

from interview.peers.comparing import (
    COMMON_TERMS,
    ENOUGH_OTHERS,
    CommonTerm,
    Comparison,
    OwnTerm,
    Standing,
    TermComparison,
    compare,
    compare_terms,
)
from interview.peers.counting import (
    STEPS,
    add,
    count_terms,
    recount,
    remove,
    terms_of,
    to_steps,
)

__all__ = [
    "COMMON_TERMS",
    "ENOUGH_OTHERS",
    "STEPS",
    "CommonTerm",
    "Comparison",
    "OwnTerm",
    "Standing",
    "TermComparison",
    "add",
    "compare",
    "compare_terms",
    "count_terms",
    "recount",
    "remove",
    "terms_of",
    "to_steps",
]
