"""Databases full of invented people and answers, made in bulk."""

import contextlib
import json
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate, chain
from typing import Any, NamedTuple

import sqlalchemy as sa

from interview.accounts.models import Candidate, User
from interview.analysis.report import (
    IMPRESSIONS,
    PIPELINES,
    TRAITS,
    Filler,
    PairCount,
    Provenance,
    Structure,
    Style,
    TextReport,
    Trait,
    Usage,
    WordCount,
    Words,
)
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.questions import services as questions
from interview.questions.models import PromptRevision

POOL = 1000
"""Different reports; every answer gets one of them."""

VOCABULARY = {"words": 8_000, "pairs": 40_000}
QUESTIONS_PER_INTERVIEW = 3
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Sample(NamedTuple):
    """One invented answer: its text, and what is stored of its report."""

    text: str
    body: dict[str, Any]
    steps: dict[str, int]
    terms: dict[str, list[str]]


def fill(candidates: int, answers: int, seed: int = 1) -> None:
    """Fill an empty, migrated database and commit.

    The averages hold what counting each report when it was made would have left there.
    """
    if db.engine.dialect.name == "sqlite":
        # The keys of answers are random; their index must be in memory while it grows.
        db.session.execute(sa.text("PRAGMA cache_size = -400000"))
    questions.fill_if_empty()
    revisions = db.session.execute(sa.select(PromptRevision.id, PromptRevision.prompt_id)).all()
    db.session.commit()
    chance = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    _insert(User, _users(candidates))
    _insert(Candidate, _candidates(candidates))
    sittings = list(_sittings(candidates, answers, chance))
    _insert(Interview, _interviews(sittings))
    asked = [
        (owner, interview, position, chance.choice(revisions))
        for owner, interview, questions_asked in sittings
        for position in range(1, questions_asked + 1)
    ]
    _insert(Question, _questions(asked))
    keys = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in asked]
    samples = [sample(chance) for _ in range(POOL)]
    chosen = chance.choices(samples, k=len(asked))
    _insert(Answer, _answers(asked, keys, chosen))
    _insert(Report, _reports(asked, keys, chosen))
    peers.recount()
    db.session.commit()


def _insert(model: type[db.Model], rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows, which all have the same columns, the quickest way of the database; commit."""
    table: sa.Table = model.__table__
    first = next(rows)
    names = ", ".join(f'"{name}"' for name in first)
    raw = _converted(table, first, rows)
    connection = db.session.connection().connection
    with contextlib.closing(connection.cursor()) as cursor:
        if db.engine.dialect.name == "postgresql":
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for values in raw:
                    copy.write_row(values)
        else:
            places = ", ".join("?" * len(first))
            cursor.executemany(
                f'INSERT INTO "{table.name}" ({names}) VALUES ({places})',  # noqa: S608
                raw,
            )
    db.session.commit()


def _converted(
    table: sa.Table, first: dict[str, Any], rows: Iterator[dict[str, Any]]
) -> Iterator[list[Any]]:
    """Yield the rows' values as the driver wants them; each shared document is written once."""
    types = [table.c[name].type.dialect_impl(db.engine.dialect) for name in first]
    documents = [isinstance(type_, sa.JSON) for type_ in types]
    converters = [type_.bind_processor(db.engine.dialect) or _same for type_ in types]
    written: dict[int, str] = {}
    for row in chain([first], rows):
        values = []
        for value, document, convert in zip(row.values(), documents, converters, strict=True):
            if document:
                if id(value) not in written:
                    written[id(value)] = json.dumps(value)
                values.append(written[id(value)])
            else:
                values.append(convert(value))
        yield values


def _same(value: object) -> object:
    return value


# --- Rows ------------------------------------------------------------------------------------


def _users(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "email": f"person-{number}@example.org",
            "password": "",
            "active": True,
            "fs_uniquifier": f"{number:032x}",
            "confirmed_at": MOMENT,
            "created_at": MOMENT,
        }


def _candidates(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {"id": number, "user_id": number, "created_at": MOMENT}


def _sittings(
    candidates: int, answers: int, chance: random.Random
) -> Iterator[tuple[int, uuid.UUID, int]]:
    """Yield owner, interview and number of questions until there are enough answers."""
    owner = 0
    while answers > 0:
        owner = owner % candidates + 1
        count = min(QUESTIONS_PER_INTERVIEW, answers)
        yield owner, uuid.UUID(int=chance.getrandbits(128), version=4), count
        answers -= count


def _interviews(sittings: list[tuple[int, uuid.UUID, int]]) -> Iterator[dict[str, Any]]:
    for owner, key, _count in sittings:
        yield {
            "id": key,
            "candidate_id": owner,
            "purpose": "practice",
            "mode": "text",
            "created_at": MOMENT,
        }


def _questions(asked: list[tuple]) -> Iterator[dict[str, Any]]:
    for number, (_owner, interview, position, revision) in enumerate(asked, start=1):
        yield {
            "id": number,
            "interview_id": interview,
            "position": position,
            "revision_id": revision.id,
        }


def _answers(
    asked: list[tuple], keys: list[uuid.UUID], chosen: list[Sample]
) -> Iterator[dict[str, Any]]:
    for number, (question, key, found) in enumerate(zip(asked, keys, chosen, strict=True), start=1):
        yield {
            "id": key,
            "question_id": number,
            "candidate_id": question[0],
            "take": 1,
            "state": AnswerState.ANALYSED,
            "text": found.text,
            "from_document": False,
            "created_at": MOMENT,
            "saved_at": MOMENT,
            "submitted_at": MOMENT,
            "finished_at": MOMENT,
            "attempts": 1,
            "progress": 100,
        }


def _reports(
    asked: list[tuple], keys: list[uuid.UUID], chosen: list[Sample]
) -> Iterator[dict[str, Any]]:
    for number, (question, key, found) in enumerate(zip(asked, keys, chosen, strict=True), start=1):
        yield {
            "id": number,
            "answer_id": key,
            "candidate_id": question[0],
            "mode": "text",
            "prompt_id": question[3].prompt_id,
            "pipeline": PIPELINES["text"],
            "body": found.body,
            "steps": found.steps,
            "terms": found.terms,
            "counted": True,
            "created_at": MOMENT,
        }


# --- Reports ---------------------------------------------------------------------------------


def sample(chance: random.Random) -> Sample:
    """Return an invented answer of 60 to 500 words with a report of the usual size."""
    words = _draw("words", chance.randint(60, 500), chance)
    text, spans = _sentences(words, chance)
    top = Counter(words).most_common(40)
    pairs = dict.fromkeys(_draw("pairs", 20, chance), 1)
    report = _report(chance, words, text, spans, top, pairs)
    body = report.to_dict()
    return Sample(text, body, peers.to_steps(body["measures"], "text"), peers.terms_of(body))


_FREQUENCIES = {
    kind: list(accumulate(1 / rank for rank in range(1, size + 1)))
    for kind, size in VOCABULARY.items()
}


def _draw(kind: str, count: int, chance: random.Random) -> list[str]:
    """Draw terms as often as words occur in texts: in inverse proportion to their rank (Zipf)."""
    ranks = chance.choices(range(VOCABULARY[kind]), cum_weights=_FREQUENCIES[kind], k=count)
    return [f"word{rank}" if kind == "words" else f"word{rank} next{rank}" for rank in ranks]


def _sentences(words: list[str], chance: random.Random) -> tuple[str, tuple[tuple[int, int], ...]]:
    text, spans, index = "", [], 0
    while index < len(words):
        length = chance.randint(8, 24)
        sentence = " ".join(words[index : index + length]).capitalize() + "."
        start = len(text) + bool(text)
        text = f"{text} {sentence}" if text else sentence
        spans.append((start, start + len(sentence)))
        index += length
    return text, tuple(spans)


def _report(
    chance: random.Random,
    words: list[str],
    text: str,
    spans: tuple[tuple[int, int], ...],
    top: list[tuple[str, int]],
    pairs: dict[str, int],
) -> TextReport:
    traits = {name: _around(chance, 0.5, 0.15) for name in TRAITS}
    impression = {name: _around(chance, 0.5, 0.1) for name in IMPRESSIONS}
    share = 0.3 * _around(chance, 0.3, 0.1)
    style = Style(
        vocabulary_mtld=200 * _around(chance, 0.4, 0.1),
        first_person_singular=Usage(round(share * len(words)), share),
        first_person_plural=Usage(2, 2 / len(words)),
        fillers=(Filler("you know", 1, ((0, 5),)),),
        filler_rate=20 * _around(chance, 0.1, 0.1),
        reading_ease=120 * _around(chance, 0.5, 0.1),
        grade=8.0,
        sentence_length=len(words) / len(spans),
    )
    parts = [tuple(chance.sample(range(len(spans)), k=chance.randint(0, 2))) for _ in range(4)]
    named = dict(zip(("situation", "task", "action", "result"), parts, strict=True))
    structure = Structure(**named, missing=tuple(name for name in named if not named[name]))
    return TextReport(
        pipeline=PIPELINES["text"],
        language="en",
        notices=(),
        scored=True,
        traits={name: Trait(value) for name, value in traits.items()},
        impression=impression,
        words=Words(
            count=len(words),
            unique=len(set(words)),
            sentences=len(spans),
            top=tuple(WordCount(word, count, word) for word, count in top),
            pairs=tuple(PairCount(pair, count, pair) for pair, count in pairs.items()),
        ),
        style=style,
        structure=structure,
        sentences=spans,
        measures={
            **{f"big_five.{name}": value for name, value in traits.items()},
            **{f"impression.{name}": value for name, value in impression.items()},
            "words.count": len(words),
            "style.vocabulary_mtld": style.vocabulary_mtld or 0.0,
            "style.first_person_share": share,
            "style.filler_rate": style.filler_rate,
            "style.reading_ease": style.reading_ease or 0.0,
            "style.sentence_length": style.sentence_length or 0.0,
            "structure.coverage": structure.coverage,
        },
        provenance=Provenance(models={"text": "bench"}, rules={"structure": "1"}),
    )


def _around(chance: random.Random, mean: float, sd: float) -> float:
    return min(max(chance.gauss(mean, sd), 0.0), 1.0)
