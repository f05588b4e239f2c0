"""Which sentences of an answer tell the situation, the task, the action and the result.

The rules are simple and published (`docs/text-analysis.md` tells them to candidates and says how
often they are right). Each sentence collects points for each part from cues: words, tense and
person, and its place in the answer. Then the parts are laid over the answer as a whole, because
stories are told in order: the sequence of parts with the most points in total wins, where going
on with a part is free, going forward costs little and going back costs much. A sentence can also
tell no part ("I think listening is important").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview.analysis.report import STRUCTURE_PARTS, Span, Structure

STRUCTURE_RULES = "1"
"""Version of the rules; it changes with the cues, their points or the costs."""

PARTS = (*STRUCTURE_PARTS, "other")
"""What a sentence can tell; ``other`` is none of the parts."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern in a sentence (lower case, straight apostrophes) and its points for each part."""

    name: str
    pattern: re.Pattern[str]
    points: Mapping[str, float]


def _cue(name: str, pattern: str, **points: float) -> Cue:
    compiled = re.compile(pattern, re.VERBOSE)
    return Cue(name, compiled, {part: points[part] for part in PARTS if part in points})


_ADVERBS = r"(?:(?:also|then|first|just|even|never|still|not|both|all|\w{2,}ly)\s+)*"
# What people do in stories, in irregular past forms; regular ones end in -ed.
_IRREGULAR = (
    "began|bought|brought|broke|built|came|caught|chose|cut|did|drew|drove|fought|found|gave|held|"
    "hung|kept|laid|led|left|let|made|met|paid|put|ran|rang|read|rebuilt|rewrote|rode|said|sat|"
    "sent|set|shot|showed|shut|sold|spent|split|spoke|stood|stuck|swept|taught|told|took|went|"
    "withdrew|wrote"
)
# Past forms that describe a state, a wish, an outcome or an insight, not something done.
_NOT_DONE = (
    "believed|deserved|died|disliked|enjoyed|existed|expected|failed|feared|felt|forgot|gained|"
    "graduated|happened|hated|heard|hoped|intended|joined|knew|lacked|learned|learnt|liked|lived|"
    "looked|loved|lost|managed|mattered|meant|missed|needed|noticed|owed|owned|passed|preferred|"
    "promised|realised|realized|received|remained|seemed|stayed|studied|succeeded|used\\sto|"
    "wanted|wished|won|worked\\s(?:as|at|for|in|on)"
)
# Words that end in -ed without being past forms.
_ED = r"(?!(?:need|indeed|hundred|speed|exceed|proceed|succeed|feed|breed|naked|sacred)\b)\w{2,}ed"
_DONE = rf"(?:(?!(?:{_NOT_DONE})\b)(?:{_ED}|{_IRREGULAR}))\b"
_PRESENT_DEEDS = (
    "add|agree|answer|ask|book|bring|build|buy|call|carry|check|clean|copy|cut|cycle|draw|drive|"
    "explain|fill|fix|gather|give|go|hand|hold|invite|lay|move|offer|open|order|phone|pick|print|"
    "promise|propose|pull|push|put|read|ring|run|say|sell|send|show|sit|sort|split|start|stop|"
    "suggest|swap|take|talk|teach|tell|text|train|visit|walk|write"
)
_HAPPENED = rf"(?:was|were|had|got|became|could|would|{_NOT_DONE}|{_ED}|{_IRREGULAR})"
_OTHERS = (
    r"(?:he|she|it|they|(?:the|my|our|his|her|their|one|two|three|both|all|most|each|every|a|an)"
    r"\s(?:[\w'-]+\s){1,4}?)"
)
_NUMBER = (
    r"(?:\d[\d.,:]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|"
    r"forty|fifty|half|third)"
)

CUES: tuple[Cue, ...] = (
    # Situation
    _cue("names the situation", r"^(?:the\ )?situation", situation=4),
    _cue(
        "sets a time",
        r"""^(?:so\ |well\ )?(?:when|while)\ (?:i|we)\ (?:was|were|worked|left|started|joined)\b
        |^(?:in|during|since|at|on|two|three|last|a\ few)\b.{0,40}
        \b(?:year|years|month|week|summer|winter|spring|autumn|period|time|job|internship|
        apprenticeship|semester|term|company|studies|university|school|college|degree|\d{4})\b
        |\b(?:19|20)\d\d\b|\bat\ the\ time\b|\bonce\b""",
        situation=1.5,
    ),
    _cue(
        "says who one is",
        r"""\b(?:i\ am|i'm|i\ was|we\ were|i'd\ been|i\ have\ been|i've\ been)
        \ (?:currently\ |once\ )?(?:a|an|the|working|finishing|studying|in|at|one\ of|part)\b
        |\bmy\ name\ is\b|\b(?:i|we)\ (?:work|run|teach|worked|studied|lived|joined|fit|volunteer)\b
        |^as\ an?\ """,
        situation=1.5,
    ),
    _cue(
        "says what was there",
        rf"""\bthere\ (?:was|were|is|are|'d)\b|\bthere'd\b|\b(?:had|'d|has|have)\ (?:been|got|{_ED}|
        fallen|gone|lost|broken|taken)\b|\bwas\ (?:about|going)\ to\b|\b(?:was|were)\ \w+ing\b""",
        situation=1,
    ),
    _cue(
        "names a problem",
        r"""\b(?:problem|complain\w*|refused|broke|broken|crashed|crisis|conflict|argument|shortage|
        delay\w*|behind\ schedule|unhappy|angry|upset|struggl\w+|nobody\ knew|no\ one|wrong)\b""",
        situation=0.5,
    ),
    # Task
    _cue(
        "names the task",
        r"""\b(?:my|our|the|first)\ (?:main\ )?(?:task|job|role|goal|aim|duty|challenge|objective|
        responsibility|assignment|mission|target)\b.{0,30}\b(?:was|is|were)\b|\bwas\ the\ goal\b
        |\bresponsible\ for\b|\bin\ charge\ of\b|\bup\ to\ (?:me|us)\b
        |\bit\ was\ (?:mine|on\ me)\b""",
        task=3,
    ),
    _cue(
        "says what had to be done",
        r"""\b(?:had|have|has|needed|need|needs|was|were|am|is|are)\ (?:\w+ly\ )?to\ (?!me\b)\w+
        |\bmust\b|\b(?:supposed|expected|asked|told|meant)\ to\ be\b
        |\b(?:i|we)\ (?:was|were|am|are|had\ been|'d\ been)\ (?:\w+\ )?
        (?:asked|told|expected|given|supposed|assigned|tasked)\b|\bhad\ no\ choice\b""",
        task=2,
    ),
    _cue(
        "says what was wanted",
        r"""\b(?:i|we)\ (?:wanted|owed|hoped|intended|aimed|thought\ i\ should|
        set\ (?:myself|ourselves)|look\ for)\b|\bi'm\ (?:after|looking\ for)\b|\bneeded\b""",
        task=1.5,
    ),
    _cue(
        "names a deadline or what was at stake",
        r"""\bdeadline\b|\botherwise\b|\bwithout\b.{2,40}\b(?:wouldn't|wasn't|couldn't|would\ not|
        would\ have)\b|\bif\ (?:i|we)\ (?:fell|failed|did\ not|didn't)\b
        |\b(?:before|by)\ the\ (?:end|\w+\ holidays|first|next)\b""",
        task=1.5,
    ),
    # Action
    _cue(
        "I or we did something",
        rf"\b(?:i|we)\ (?:had\ |have\ )?{_ADVERBS}{_DONE}",
        action=3,
    ),
    _cue(
        "starts with what was done",
        rf"^(?:[•-]\s*)?{_ADVERBS}{_DONE}(?!\ (?:by|from)\b)",
        action=1.5,
        result=0.5,
    ),
    _cue("I or we do something", rf"\b(?:i|we)\ {_ADVERBS}(?:{_PRESENT_DEEDS})\b", action=1.5),
    _cue(
        "orders the steps",
        r"""^(?:so|then|first|firstly|second|secondly|next|after\ that|afterwards|before|instead|
        also|while|and)\b.{0,30}\b(?:i|we)\b|^step\ \w+|\bstarted\ (?:to|by|with|\w+ing)\b""",
        action=1,
    ),
    _cue("says how", r"\bso\ that\b|\binstead\ of\b|\bby\ \w+ing\b|\bone\ by\ one\b", action=1),
    _cue(
        "was done by us",
        r"\b(?:was|were)\ \w+(?:ed|en)\ (?:out|up|by\ (?:me|us|our))\b",
        action=1,
    ),
    # Result
    _cue(
        "names the result",
        r"""\bas\ a\ result\b|\bin\ the\ end\b|\bat\ the\ end\b|\beventually\b|\bfinally\b
        |\bthe\ (?:result|outcome|findings)\b|\b(?:led|resulted)\ (?:to|in)\b
        |\bthanks\ to\ (?:this|that|it)\b|\bturned\ out\b""",
        result=3,
    ),
    _cue(
        "says what changed",
        rf"""\b(?:went|fell|rose|dropped|grew|increased|decreased|reduced|improved|doubled|tripled|halved|
        saved|shrank|climbed|jumped|declined|gained|won|passed|failed|succeeded|confirmed|approved|
        adopted|introduced|signed|promoted|hired|thanked|finished|opened|sold\ out)\b
        |\bfrom\ (?:\w+\ )?{_NUMBER}\b.{{0,40}}\bto\ (?:\w+\ )?{_NUMBER}\b|\bper\ ?cent\b|%""",
        result=1.5,
    ),
    _cue(
        "says how it is since then",
        rf"""\b(?:since\ then|ever\ since|from\ then\ on|to\ this\ day|these\ days|nowadays|still|
        today|now)\b
        |\b{_NUMBER}\ (?:\w+\ )?(?:hours|days|weeks|months|years)\ (?:later|after|on)\b
        |\b(?:a|the)\ (?:day|week|month|year|semester)\ (?:later|after)\b
        |^(?:by|at|in|after|within)\b.{{0,25}}\b(?:week|month|months|weeks|year|years|day|days|spring|
        summer|autumn|winter|christmas|monday|tuesday|wednesday|thursday|friday|saturday|sunday|
        january|february|march|april|may|june|july|august|september|october|november|december)\b""",
        result=1.5,
    ),
    _cue(
        "says what was learned",
        r"""\b(?:learned|learnt|realised|realized|taught\ me|understood|see\ now|found\ out|lesson|
        takeaway|next\ time|made\ me|became)\b|\b(?:did|have)\ learn\w*\b""",
        result=2,
    ),
    _cue(
        "others did something",
        rf"^(?:and\ |but\ |so\ |then\ )?{_OTHERS}\s?{_ADVERBS}{_HAPPENED}\b",
        situation=0.5,
        result=1,
    ),
    _cue("nobody or everybody", r"^(?:nobody|no\ one|everybody|everyone)\b", result=1.5),
    # None of the parts
    _cue(
        "says what one would do",
        r"""\b(?:i|we|it|that|you|they)\ (?:would|could|should|might)(?:n't)?\b
        (?!\ (?:not\ )?have\b)
        |\b(?:i|we|you)'d\ (?!(?!need)\w+ed\b|been|had|got|gone|given|taken|never|just|drawn|
        seen|done)\w+
        |\b(?:i|we)'ll\b|\bwould\ (?:be|make|bring)\b""",
        other=2,
    ),
    _cue(
        "says what is generally so",
        r"""\b(?:you|people|one)\ (?:have|need|should|must|can|always|never)\b|\bit's\ important\b
        |\bis\ (?:important|everything|key|a\ question|an\ advantage)\b|\balways\b|\bin\ general\b
        |\bnormally\b|\bimportant\ to\b""",
        other=1.5,
    ),
    _cue(
        "gives an opinion of oneself or of the employer",
        r"""\bi\ (?:think|believe|feel|consider|like|love|enjoy|prefer|appreciate|adapt|use|
        work\ best|don't|also\ do)\b|\bin\ my\ opinion\b
        |\bi(?:'m|\ am)\ (?:also\ )?(?:a|an|known|someone|not)\b.{0,30}
        \b(?:person|learner|player|someone|worker|as)\b
        |\bmy\ (?:biggest\ )?(?:strength|weakness)
        |\byour\ company\b|\bi'm\ someone\b""",
        other=1.5,
    ),
    _cue(
        "is about the present, without a story",
        r"""^(?!.*\b(?:was|were|had|did|went|\w{3,}ed)\b)(?!.*\b(?:now|since)\b).*
        \b(?:is|are|isn't|it's|that's|we're|i'm|am|do|don't|doesn't)\b""",
        other=1,
    ),
    _cue("is an aside", r"^(?:\S+\s+){0,2}\S+$", other=1.5),
)
"""The published cues."""

_FIRST: Mapping[str, float] = {"situation": 2.0, "task": 0.5}
_SECOND: Mapping[str, float] = {"situation": 0.5, "task": 0.5}
_LAST: Mapping[str, float] = {"result": 1.5}
_LATER = 0.5
_DEFAULT: Mapping[str, float] = {
    "situation": 0.5,
    "task": 0.0,
    "action": 0.0,
    "result": 0.5,
    "other": 0.0,
}

# Points for what follows what (rows: before, columns: PARTS).
_FOLLOWS: Mapping[str, tuple[float, ...]] = {
    "situation": (0.0, 0.0, -0.5, -2.0, -1.5),
    "task": (-1.5, -0.5, 0.0, -2.0, -2.0),
    "action": (-2.5, -2.5, 0.0, -0.5, -2.0),
    "result": (-4.0, -4.0, -2.0, 0.0, -1.5),
    "other": (-0.5, -1.0, -1.5, -1.5, 0.0),
}
_BEGINS = (0.0, -1.0, -2.0, -3.0, 0.0)

_STRONG_RESULT = 4.5
"""From this many points for it a sentence tells the result even if it tells the action too."""
_OPENS_WITH_ACTION = re.compile(
    rf"(?:(?:and|so|then|first|next|after\ that|also|finally),?\ )?(?:i|we)\ {_ADVERBS}{_DONE}",
    re.VERBOSE,
)


def find_structure(text: str, spans: Sequence[Span]) -> Structure:
    """Lay situation, task, action and result over the sentences of an English answer."""
    found = label_sentences([text[start:end] for start, end in spans])
    places = {
        part: tuple(index for index, parts in enumerate(found) if part in parts)
        for part in STRUCTURE_PARTS
    }
    missing = tuple(part for part in STRUCTURE_PARTS if not places[part])
    return Structure(**places, missing=missing)


def label_sentences(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each sentence the parts that it tells: none, one or two."""
    plain = [" ".join(sentence.lower().replace("’", "'").split()) for sentence in sentences]
    points = [_score(sentence, index, len(plain)) for index, sentence in enumerate(plain)]
    labels: list[tuple[str, ...]] = []
    for sentence, part, own in zip(plain, _best_sequence(points), points, strict=True):
        acts = part == "action" or (part == "result" and _OPENS_WITH_ACTION.match(sentence))
        if acts and own["result"] >= _STRONG_RESULT:
            labels.append(("action", "result"))
        else:
            labels.append(() if part == "other" else (part,))
    return labels


def _score(sentence: str, index: int, count: int) -> dict[str, float]:
    """Return the points of a plain sentence, the ``index``-th of ``count``, for each part."""
    points: dict[str, float] = dict(_DEFAULT)
    sources = [cue.points for cue in CUES if cue.pattern.search(sentence)]
    if index == 0:
        sources.append(_FIRST)
    if index == 1:
        sources.append(_SECOND)
    if index == count - 1 and count > 2:
        sources.append(_LAST)
    for source in sources:
        for part, value in source.items():
            points[part] += value
    if count > 1:
        points["result"] += _LATER * (2 * index / (count - 1) - 1)
    return points


def _best_sequence(points: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the sequence of parts with the most points in total (Viterbi's algorithm)."""
    if not points:
        return []
    totals = {part: cost + points[0][part] for part, cost in zip(PARTS, _BEGINS, strict=True)}
    steps: list[dict[str, str]] = []
    for own in points[1:]:
        before = {part: _best_before(totals, column) for column, part in enumerate(PARTS)}
        totals = {part: before[part][1] + own[part] for part in PARTS}
        steps.append({part: before[part][0] for part in PARTS})
    path = [max(PARTS, key=lambda part: totals[part])]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return path[::-1]


def _best_before(totals: Mapping[str, float], column: int) -> tuple[str, float]:
    """Return the part that best comes before the part in this column, and the points so far."""
    best = max(PARTS, key=lambda part: totals[part] + _FOLLOWS[part][column])
    return best, totals[best] + _FOLLOWS[best][column]
