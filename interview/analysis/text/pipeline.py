"""From a written answer to its report.

The same text, model and rules always give the identical report.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from interview.analysis.report import (
    MEASURES,
    PIPELINES,
    Notice,
    Provenance,
    Span,
    Structure,
    Style,
    TextReport,
    Trait,
    Words,
)
from interview.analysis.text.language import Language, detect, find_nonsense
from interview.analysis.text.structure import STRUCTURE_RULES, find_structure
from interview.analysis.text.style import describe_style
from interview.analysis.text.tokens import Token, sentences, tokens
from interview.analysis.text.words import content_words, top_pairs, top_words

MINIMUM_WORDS = 50
"""Below this many words an answer gets no trait scores."""
ADVISED_WORDS = 150
"""Below this many words the trait scores carry a notice that they say little."""
MAXIMUM_CHARACTERS = 60_000

Progress = Callable[[str, float], None]
"""Called with the step that begins and the share (0 to 1) of the work done before it."""

STEPS = ("language", "words", "style", "structure", "traits")
"""The steps in order, as given to ``Progress``."""


class Scores(Protocol):
    """What a model says about one text."""

    @property
    def traits(self) -> Mapping[str, float]:
        """Calibrated probability, 0 to 1, of each trait."""

    @property
    def impression(self) -> Mapping[str, float]:
        """How the writer may come across, 0 to 1."""


class TraitModel(Protocol):
    """What the pipeline needs of a Big Five model."""

    @property
    def version(self) -> str:
        """Version of the weights, for the report's provenance."""

    def predict(self, texts: Sequence[str]) -> Sequence[Scores | None]:
        """Score texts, in order; None for one that gets no scores."""


class NoTraits:
    """Stands in for a model where no traits may be estimated: words are looked at, no more."""

    version = ""

    def predict(self, texts: Sequence[str]) -> list[None]:
        """Score nothing."""
        return [None for _text in texts]


def analyse_text(text: str, *, model: TraitModel, progress: Progress | None = None) -> TextReport:
    """Analyse one written answer.

    Places in the report are counted in characters of ``text`` as given. Traits are scored only
    for English text of at least ``MINIMUM_WORDS`` words that is not nonsense; otherwise a notice
    says why not. Raises ``ValueError`` for a text of more than ``MAXIMUM_CHARACTERS``.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise ValueError(f"the text has more than {MAXIMUM_CHARACTERS} characters")
    tell = _teller(progress)
    tell("language")
    words, spans = tokens(text), sentences(text)
    language = detect(text, spans)
    notices = _notices(words, language, find_nonsense(text, words, spans, language))
    readable = not {notice.code for notice in notices} & {"empty", "not_english", "nonsense"}
    scored = readable and len(words) >= MINIMUM_WORDS
    tell("words")
    counted = _count_words(words, spans, is_english=readable)
    tell("style")
    style = describe_style(text, words, spans) if readable else None
    tell("structure")
    structure = find_structure(text, spans) if readable else None
    tell("traits")
    scores = model.predict([text])[0] if scored else None
    traits = {name: Trait(float(p)) for name, p in scores.traits.items()} if scores else None
    impression = {name: float(v) for name, v in scores.impression.items()} if scores else None
    return TextReport(
        pipeline=PIPELINES["text"],
        language=language.code,
        notices=notices,
        scored=scored,
        traits=traits,
        impression=impression,
        words=counted,
        style=style,
        structure=structure,
        sentences=tuple(spans),
        measures=_measures(traits, impression, counted, style, structure) if scored else {},
        provenance=Provenance(
            models={"text": model.version} if scores else {},
            rules={"structure": STRUCTURE_RULES} if structure else {},
        ),
    )


def _teller(progress: Progress | None) -> Callable[[str], None]:
    """Return a function that reports the step that begins."""

    def tell(step: str) -> None:
        if progress is not None:
            progress(step, STEPS.index(step) / len(STEPS))

    return tell


def _notices(
    words: Sequence[Token], language: Language, nonsense: str | None
) -> tuple[Notice, ...]:
    """Say what keeps the answer from being scored, or what to keep in mind: the first that holds.

    Nonsense comes before the language, since mash is often taken for some far language, and the
    language before the length, since Chinese or Thai words cannot be counted by their blanks.
    """
    count = len(words)
    if not count:
        return (Notice("empty"),)
    if nonsense:
        return (Notice("nonsense", {"reason": nonsense}),)
    if not language.is_english:
        return (Notice("not_english", {"english_share": language.english}),)
    if count < MINIMUM_WORDS:
        return (Notice("too_short", {"words": count, "minimum": MINIMUM_WORDS}),)
    if count < ADVISED_WORDS:
        return (Notice("short_for_traits", {"words": count, "advised": ADVISED_WORDS}),)
    return ()


def _count_words(words: Sequence[Token], spans: Sequence[Span], *, is_english: bool) -> Words:
    """Count words; which ones were used most is said for English only, by its stop words."""
    content = content_words(words) if is_english else []
    return Words(
        count=len(words),
        unique=len({word.lower for word in words}),
        sentences=len(spans),
        top=top_words(content),
        pairs=top_pairs(content, words, spans),
    )


def _measures(
    traits: Mapping[str, Trait] | None,
    impression: Mapping[str, float] | None,
    words: Words,
    style: Style | None,
    structure: Structure | None,
) -> dict[str, float]:
    """Collect what is compared between candidates, in the order of ``MEASURES``."""
    found: dict[str, float | None] = {"words.count": float(words.count)}
    found |= {f"big_five.{name}": trait.probability for name, trait in (traits or {}).items()}
    found |= {f"impression.{name}": value for name, value in (impression or {}).items()}
    if style:
        found |= {
            "style.vocabulary_mtld": style.vocabulary_mtld,
            "style.first_person_share": style.first_person_singular.share
            + style.first_person_plural.share,
            "style.filler_rate": style.filler_rate,
            "style.reading_ease": style.reading_ease,
            "style.sentence_length": style.sentence_length,
        }
    if structure:
        found["structure.coverage"] = structure.coverage
    ordered = ((measure.key, found.get(measure.key)) for measure in MEASURES["text"])
    return {key: value for key, value in ordered if value is not None}
