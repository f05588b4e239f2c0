"""The words of scorecards: what each level of each competency looks like, and of decisions.

Levels 1, 3 and 5 are anchored in what can be observed in an answer; 2 and 4 lie between them. The
same anchors for every candidate are what makes ratings comparable between raters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from interview.recruiting.scorecards import LEVELS, Outcome

LEVEL_NAMES: Mapping[int, LazyString] = {
    1: _l("Little evidence"),
    2: _l("Some evidence"),
    3: _l("Solid evidence"),
    4: _l("Strong evidence"),
    5: _l("Outstanding evidence"),
}

BETWEEN: Mapping[int, LazyString] = {
    2: _l("More than described for 1, not yet what is described for 3."),
    4: _l("More than described for 3, not quite what is described for 5."),
}

ANCHORS: Mapping[str, tuple[LazyString, LazyString, LazyString]] = {
    "leadership": (
        _l("Tells of being in charge, not of anything done to bring others along."),
        _l("Set a direction, shared the work out and followed up; names what the others did."),
        _l("Won people over without pressure, let others grow, and shows the lasting result."),
    ),
    "teamwork": (
        _l("Speaks of “we” without a part of their own, or of working alone."),
        _l("Names their own part and how it fitted with the others’."),
        _l("Made the whole team better: shared, asked, helped, and shows what came of it."),
    ),
    "conflict": (
        _l("Avoided or won the conflict; the other side does not appear."),
        _l("Understood the other side and found a way on that both could accept."),
        _l("Raised it early and calmly, got to its cause, and the relation was better after it."),
    ),
    "problem_solving": (
        _l("Names a problem and an outcome without a way between them."),
        _l("Took the problem apart, weighed ways to solve it, and says why this one."),
        _l("Found the cause, tested the idea, measured the effect, and kept it from coming back."),
    ),
    "motivation": (
        _l("General or borrowed reasons that would fit any work."),
        _l("Reasons of their own, with an example that bears them out."),
        _l("Reasons tied to this work, borne out by what they did on their own initiative."),
    ),
    "failure_and_learning": (
        _l("No real failure, or others are to blame for it."),
        _l("Owns the failure and says what they changed afterwards."),
        _l("Owns it, says how it came about, and shows the lesson at work in a later case."),
    ),
    "customer_focus": (
        _l("The customer’s need does not appear, or is a nuisance."),
        _l("Found out what the customer needed and saw to it."),
        _l("Saw what lay behind the need, kept the customer informed, and made it last."),
    ),
    "communication": (
        _l("Hard to follow; the audience does not appear."),
        _l("Clear and in order; fitted what was said to who was listening."),
        _l("Made something hard easy to grasp, checked that it was, and shows the effect."),
    ),
    "planning": (
        _l("Acted as things came; no aims, no order."),
        _l("Set aims and an order, kept to them, and says what came first and why."),
        _l("Foresaw what could go wrong, kept slack for it, and changed the plan in time."),
    ),
    "adaptability": (
        _l("Kept to the old way, or waited for the change to pass."),
        _l("Accepted the change and found a way that worked."),
        _l("Made use of the change, brought others along, and shows what was better for it."),
    ),
    "integrity": (
        _l("Took the easy way, or does not see the question in it."),
        _l("Saw what was right and did it, although it cost something."),
        _l("Did what was right openly, with care for those concerned, and stood by the outcome."),
    ),
    "role_fit": (
        _l("No link between what they tell and this work."),
        _l("Names what they can do that this work needs, with an example."),
        _l("Knows what the work asks for, shows it done before, and sees what they lack."),
    ),
}
"""Per competency what answers of the levels 1, 3 and 5 hold."""

OTHER: tuple[LazyString, LazyString, LazyString] = (
    _l("Stays general; no example of their own."),
    _l("A concrete example with their own part in it and how it ended."),
    _l("A telling example, their own part, its result, and what they took from it."),
)
"""The anchors of a competency that has none of its own."""

OUTCOMES: Mapping[Outcome, LazyString] = {
    Outcome.NEXT: _l("Go on to the next step"),
    Outcome.OFFER: _l("Make an offer"),
    Outcome.HOLD: _l("Decide later"),
    Outcome.DECLINE: _l("Decline"),
}
"""What people can decide."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A level: its number, its name, and what an answer of it holds."""

    level: int
    name: LazyString
    text: LazyString


def anchors(competency: str) -> tuple[Anchor, ...]:
    """Return the five levels of a competency, the lowest first."""
    low, middle, high = ANCHORS.get(competency, OTHER)
    texts = {1: low, 3: middle, 5: high} | BETWEEN
    return tuple(Anchor(level, LEVEL_NAMES[level], texts[level]) for level in LEVELS)
