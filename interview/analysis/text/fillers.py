"""Filler expressions: what is said to win time or to soften, with its places.

The list follows the discourse markers and filled pauses of Laserna, Seih & Pennebaker (2014,
doi:10.1177/0261927X14526993) and what speech coaches count. Many of these words also have a
proper meaning ("I like my work", "a kind of bread"), so each has a simple rule about the words and
commas around it; `docs/text-analysis.md` tells the rules to the reader.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from interview.analysis.report import Filler, Span
from interview.analysis.text.tokens import Token, word_set

_PAUSES = frozenset(',;:—–…"“”‘()')
_ENDS = frozenset(".!?")
_SUBJECTS = word_set("i we he she they it you there it's i'm we're they're that's")
_HEDGES = word_set("actually basically kinda literally really so super sorta totally very")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around an expression within its sentence; words are in lower case."""

    before: str
    after: str
    pause_before: bool
    pause_after: bool

    @property
    def opens(self) -> bool:
        """Whether the expression opens its sentence."""
        return not self.before

    @property
    def set_off(self) -> bool:
        """Whether a comma, a dash or the sentence's end stands on both sides."""
        return (self.opens or self.pause_before) and self.pause_after


def _always(_: Context) -> bool:
    return True


def _set_off(context: Context) -> bool:
    return context.set_off


def _opens_with_pause(context: Context) -> bool:
    return context.opens and context.pause_after


_PREPOSITIONS = word_set("about after at by for from had have in took was were with")
_JOINS = word_set("and because but or so")
_VERBS_WITH_LIKE = word_set(
    "feel feels felt look looks looked seem seems seemed smell sound sounds sounded taste would "
    "i'd we'd they'd he'd she'd you'd"
)
_FORMS_OF_BE = word_set("was were is am are i'm he's she's they're we're it's be")


def _like(context: Context) -> bool:
    """Between commas, or before a number, a hedge or a clause where no comparison is possible."""
    if context.set_off:
        return True
    if context.before in _VERBS_WITH_LIKE or context.before == "to":
        return False
    if context.after[:1].isdigit() or context.after in _NUMBERS:
        return context.before in _PREPOSITIONS
    if context.after in _HEDGES:
        return context.before not in _SUBJECTS
    if context.before in _JOINS and not context.pause_before:
        return context.after in _SUBJECTS or context.pause_after
    return context.before in _FORMS_OF_BE and (context.pause_after or context.after in _SAID)


_NUMBERS = word_set("two three four five six seven eight nine ten twenty thirty fifty half")
_SAID = word_set("i i'm oh okay ok wow hey yeah no well why what")


def _so(context: Context) -> bool:
    """At the start, with a pause or another filler behind it; never "so that" or "so I left"."""
    return context.opens and (context.pause_after or context.after in _AFTER_SO)


_AFTER_SO = word_set("yeah um uh like basically anyway okay ok")
_TAKES_JUST_TIME = word_set("before after as under over because enough about around")


def _just(context: Context) -> bool:
    """Not "had just", "not just", "just before", "a just cause"."""
    recent = context.before.endswith(("'ve", "'s", "'d")) or context.before in (
        "had", "has", "have", "not", "a", "only", "than", "more", "been",
    )  # fmt: skip
    return not recent and context.after not in _TAKES_JUST_TIME and context.after != "in"


_ASKS_YOU_KNOW = word_set(
    "as before did do does everything how if let lets make once since that unless until what "
    "when whether where who would"
)


def _you_know(context: Context) -> bool:
    """Set off by a pause or followed by a new clause; never "do you know" or "you know how"."""
    if context.before in _ASKS_YOU_KNOW:
        return False
    edge = context.pause_after or context.pause_before or not context.after
    return edge or context.after in _SUBJECTS | _HEDGES | {"like", "just"}


def _i_mean(context: Context) -> bool:
    """At the start or after a pause or joining word; never "what I mean" or "I mean it"."""
    if context.after in ("it", "to", "by", "that"):
        return context.pause_after
    return context.opens or context.pause_before or context.before in _JOINS or context.pause_after


_NAMES_A_KIND = word_set(
    "a an another any best certain different each every first new one only other right same "
    "some that the these this those what which wrong"
)


def _kind_of(context: Context) -> bool:
    """Not "a kind of bread", "this sort of work"."""
    return context.before not in _NAMES_A_KIND and not context.before.endswith("'s")


def _i_guess(context: Context) -> bool:
    return context.before not in ("can", "could", "what", "how", "did", "would")


Rule = Callable[[Context], bool]

FILLERS: dict[str, Rule] = {
    **dict.fromkeys(("um", "umm", "uhm", "uh", "uhh", "er", "erm", "hmm", "mm"), _always),
    **dict.fromkeys(("actually", "basically", "literally", "honestly", "obviously"), _always),
    **dict.fromkeys(("kinda", "sorta", "and stuff", "and stuff like that"), _always),
    **dict.fromkeys(("or something", "or something like that", "or whatever"), _always),
    **dict.fromkeys(("at the end of the day", "to be honest", "to be fair"), _always),
    "like": _like,
    "so": _so,
    "well": _opens_with_pause,
    "okay": _opens_with_pause,
    "anyway": _opens_with_pause,
    "right": _set_off,
    "you see": _set_off,
    "just": _just,
    "you know": _you_know,
    "i mean": _i_mean,
    "i guess": _i_guess,
    "kind of": _kind_of,
    "sort of": _kind_of,
}
"""Each filler expression with the rule that tells it from the word's proper use."""

_BY_FIRST_WORD: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(FILLERS, key=lambda phrase: (-len(phrase.split()), phrase)):
    _parts = tuple(_phrase.split())
    _BY_FIRST_WORD.setdefault(_parts[0], []).append(_parts)


def find_fillers(text: str, words: Sequence[Token], spans: Sequence[Span]) -> tuple[Filler, ...]:
    """Return the filler expressions of a text, the most frequent first.

    ``words`` and ``spans`` are the words and sentences of the text. Where expressions overlap the
    longest counts; equally frequent ones come in the order of the text.
    """
    found: dict[str, list[Span]] = {}
    first = 0
    for start, end in spans:
        last = first
        while last < len(words) and words[last].start < end:
            last += 1
        for phrase, place in _in_sentence(text, words[first:last], (start, end)):
            found.setdefault(phrase, []).append(place)
        first = last
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple(Filler(phrase, len(places), tuple(places)) for phrase, places in ranked)


def _in_sentence(text: str, words: Sequence[Token], span: Span) -> list[tuple[str, Span]]:
    """Return the fillers of one sentence in order."""
    found: list[tuple[str, Span]] = []
    at = 0
    while at < len(words):
        length = 1
        for parts in _BY_FIRST_WORD.get(words[at].lower, ()):
            stop = at + len(parts)
            if tuple(word.lower for word in words[at:stop]) != parts:
                continue
            phrase = " ".join(parts)
            # "ER" in capitals is the emergency room
            if words[at].text == "ER" or not FILLERS[phrase](_context(text, words, at, stop, span)):
                continue
            found.append((phrase, (words[at].start, words[stop - 1].end)))
            length = len(parts)
            break
        at += length
    return found


def _context(text: str, words: Sequence[Token], at: int, stop: int, span: Span) -> Context:
    """Look around the words ``at`` to ``stop`` (exclusive) of a sentence."""
    gap_before = text[words[at - 1].end if at else span[0] : words[at].start]
    gap_after = text[words[stop - 1].end : words[stop].start if stop < len(words) else span[1]]
    return Context(
        before=words[at - 1].lower if at else "",
        after=words[stop].lower if stop < len(words) else "",
        pause_before=bool(_PAUSES & set(gap_before)) or "--" in gap_before or " - " in gap_before,
        pause_after=stop == len(words) or bool((_PAUSES | _ENDS) & set(gap_after)),
    )
