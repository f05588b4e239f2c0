"""Which words an English text uses: content words, word pairs, vocabulary richness.

Stop words are scikit-learn's, dictionary forms are simplemma's; both packages carry their tables.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nltk.collocations import BigramCollocationFinder
from nltk.probability import FreqDist
from simplemma import lemmatize
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from interview.analysis.report import PairCount, Span, WordCount
from interview.analysis.text.tokens import Token, word_set

TOP_WORDS = 20
TOP_PAIRS = 10
PAIR_MINIMUM = 2
"""A pair of words is worth showing when it occurs at least this often."""

MTLD_THRESHOLD = 0.72
MTLD_MINIMUM_WORDS = 50

# scikit-learn's list holds these, but in an interview they are topics.
_TOPICS = word_set("""
    amount bill bottom call computer cry describe detail fill fire front full interest sincere
    system thick thin top
""")
# Words without a topic that scikit-learn's list lacks: helpers, vague words, sounds.
_VAGUE = word_set("""
    actually ah basically bit did do does doing done er erm got gotta gonna guess hey hmm just
    kind kinda know like literally lot lots maybe mean mm oh ok okay really say sort sorta stuff
    thing think uh uhm um wanna want way yeah yep yes
""")
_CONTRACTIONS = ("'t", "'ve", "'ll", "'re", "'d", "'m")


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A word that carries a topic: dictionary form, form as written, place among all words."""

    lemma: str
    form: str
    index: int


@cache
def stop_words() -> frozenset[str]:
    """Return the lower-case words that carry no topic."""
    return (frozenset[str](ENGLISH_STOP_WORDS) - _TOPICS) | _VAGUE


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a lower-case English word; a word not known stays as it is."""
    return lemmatize(word, lang="en").lower()


def content_words(words: Sequence[Token]) -> list[ContentWord]:
    """Return the words that carry a topic, in order.

    Left out are stop words, contractions ("don't"), numbers and single letters. A possessive
    ("company's") counts as its noun.
    """
    found: list[ContentWord] = []
    for index, word in enumerate(words):
        lower, form = word.lower, word.text
        if lower.endswith("'s"):
            lower, form = lower[:-2], form[:-2]
        if len(lower) < 2 or word.is_number or lower.endswith(_CONTRACTIONS):
            continue
        base = lemma(lower)
        if lower not in stop_words() and base not in stop_words():
            found.append(ContentWord(base, form, index))
    return found


def top_words(content: Iterable[ContentWord], limit: int = TOP_WORDS) -> tuple[WordCount, ...]:
    """Return the most used content words; equally frequent ones in the order of the text."""
    counts: FreqDist = FreqDist()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in content:
        counts[word.lemma] += 1
        forms[word.lemma][word.form] += 1
    return tuple(
        WordCount(base, count, _usual_form(forms[base]))
        for base, count in counts.most_common(limit)
    )


def top_pairs(
    content: Sequence[ContentWord],
    words: Sequence[Token],
    spans: Sequence[Span],
    limit: int = TOP_PAIRS,
) -> tuple[PairCount, ...]:
    """Return the most used pairs of content words that stand side by side in one sentence."""
    ends = iter(spans)
    sentence_end = 0
    document: list[str | None] = []
    forms: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    before: ContentWord | None = None
    for word in content:
        new_sentence = words[word.index].start >= sentence_end
        while words[word.index].start >= sentence_end:
            sentence_end = next(ends)[1]
        if new_sentence or before is None or before.index + 1 != word.index:
            # None keeps apart what does not stand side by side.
            document.append(None)
        else:
            forms[before.lemma, word.lemma][f"{before.form} {word.form}"] += 1
        document.append(word.lemma)
        before = word
    finder = BigramCollocationFinder.from_words(document)
    finder.apply_word_filter(lambda word: word is None)
    finder.apply_freq_filter(PAIR_MINIMUM)
    return tuple(
        PairCount(" ".join(pair), count, _usual_form(forms[pair]))
        for pair, count in finder.ngram_fd.most_common(limit)
    )


def _usual_form(forms: Counter[str]) -> str:
    """Return the most used form; a capital at the start of a sentence does not make a form."""
    lower: Counter[str] = Counter()
    for form, count in forms.items():
        lower[form.lower()] += count
    usual = lower.most_common(1)[0][0]
    written = Counter({form: n for form, n in forms.items() if form.lower() == usual})
    return usual if usual in written else written.most_common(1)[0][0]


def mtld(words: Sequence[str], threshold: float = MTLD_THRESHOLD) -> float | None:
    """Return the measure of textual lexical diversity, or None below ``MTLD_MINIMUM_WORDS``.

    It is the mean length in words of stretches over which the share of distinct words stays at
    or above the threshold, read forwards and backwards (McCarthy & Jarvis 2010,
    doi:10.3758/BRM.42.2.381). Unlike that share itself it hardly depends on the length of the
    text. ``words`` are in lower case. A text that never repeats a word gets its length.
    """
    if len(words) < MTLD_MINIMUM_WORDS:
        return None
    return (_mtld_pass(words, threshold) + _mtld_pass(words[::-1], threshold)) / 2


def _mtld_pass(words: Sequence[str], threshold: float) -> float:
    """Count the stretches in one direction; the rest counts as the part of one it amounts to."""
    factors = 0.0
    seen: set[str] = set()
    length = 0
    for word in words:
        seen.add(word)
        length += 1
        if len(seen) / length < threshold:
            factors += 1
            seen, length = set(), 0
    if length:
        factors += (1 - len(seen) / length) / (1 - threshold)
    return len(words) / factors if factors else float(len(words))
