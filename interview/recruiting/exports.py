"""What a recruiter takes along: scorecards of an interview, the summary of a candidate; as rows.

An export holds what its reader may see on the pages, and nothing more: the same services give it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import format_datetime
from flask_babel import gettext as _

from interview.accounts.models import User
from interview.practice.labels import COMPETENCIES
from interview.recruiting import review_page, reviewing, scorecards
from interview.recruiting.disclosure import Disclosure, Figure
from interview.recruiting.models import ApplicationInterview, Invitation
from interview.recruiting.reviewing import Reviewed
from interview.recruiting.scorecard_models import Decision, Scorecard
from interview.recruiting.scorecards import Decided

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet would compute."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: paragraphs, then a table whose first row heads it (or none)."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document to print: its title, what it is, and its sections."""

    title: str
    lead: str
    sections: tuple[Section, ...]


def to_csv(rows: Iterable[Row]) -> bytes:
    """Return rows as a CSV file that spreadsheets open as text and never compute."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking somebody's text for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


# --- Scorecards of an application interview -------------------------------------------------


def scorecard_rows(reader: User, application: ApplicationInterview) -> list[Row]:
    """Return a row per rating that the reader may see, after the headings."""
    rows: list[Row] = [
        (
            *(_("Candidate"), _("Question"), _("Competency"), _("Rater"), _("Level")),
            *(_("Evidence"), _("Handed in"), _("Decision"), _("Decided by"), _("Reasons")),
        )
    ]
    for invitation, cards, decided in _judged(reader, application):
        newest = _decision_cells(decided)
        for card in cards:
            rows += [(*cells, *newest) for cells in _rating_cells(invitation, card)]
        if not cards:
            rows.append((invitation.email, *[""] * 6, *newest))
    return rows


def scorecard_document(reader: User, application: ApplicationInterview) -> Document:
    """Return the same as a document, a section per candidate."""
    sections = []
    for invitation, cards, decided in _judged(reader, application):
        rows = [cells[1:6] for card in cards for cells in _rating_cells(invitation, card)]
        headings = (_("Question"), _("Competency"), _("Rater"), _("Level"), _("Evidence"))
        sections.append(
            Section(
                invitation.email,
                _decision_texts(decided),
                (headings, *rows) if rows else (),
            )
        )
    return Document(
        _("Scorecards: %(title)s", title=application.title),
        _(
            "%(organisation)s. Candidates by name. Shown are the scorecards on candidates whom the "
            "reader has rated, too. People decide; nothing here is a ranking.",
            organisation=application.organisation.name,
        ),
        tuple(sections),
    )


def _judged(
    reader: User, application: ApplicationInterview
) -> list[tuple[Invitation, Sequence[Scorecard], Decided]]:
    found = reviewing.candidates(application)
    keys = [invitation.id for invitation in found]
    cards, decided = scorecards.visible(reader, keys), scorecards.decisions(reader, keys)
    return [(each, cards.get(each.id, ()), decided[each.id]) for each in found]


def _rating_cells(invitation: Invitation, card: Scorecard) -> list[Row]:
    """Return candidate, question, competency, rater, level, evidence and time of each rating."""
    stored = review_page.judgements(card)
    handed_in = format_datetime(card.submitted_at, "yyyy-MM-dd HH:mm") if card.submitted_at else ""
    return [
        (
            invitation.email,
            f"{prompt.position}. {prompt.revision.text}",
            str(COMPETENCIES.get(prompt.revision.competency, prompt.revision.competency)),
            review_page.rater_name(card.rater),
            str(stored[prompt.id].level or ""),
            stored[prompt.id].evidence,
            handed_in,
        )
        for prompt in invitation.application.prompts
        if prompt.id in stored
    ]


def _decision_cells(decided: Decided) -> Row:
    """Return outcome, author and reasons of the newest decision."""
    if not decided:
        return ("", "", "")
    if decided.hidden:
        return (_("Decided"), "", "")
    newest = decided.shown[0]
    return (
        review_page.outcome_name(newest),
        review_page.rater_name(newest.author),
        newest.reasons,
    )


def _decision_texts(decided: Decided) -> tuple[str, ...]:
    texts = tuple(map(_decision_text, decided.shown))
    if decided.hidden:
        return (*texts, _("Somebody has decided. What they decided shows once you have rated."))
    return texts or (_("Nobody has decided yet."),)


def _decision_text(decision: Decision) -> str:
    return _(
        "Decision: %(outcome)s. %(who)s, %(when)s. Reasons: %(reasons)s",
        outcome=review_page.outcome_name(decision),
        who=review_page.rater_name(decision.author),
        when=format_datetime(decision.created_at, "yyyy-MM-dd HH:mm"),
        reasons=decision.reasons,
    )


# --- The summary of one candidate -----------------------------------------------------------


def candidate_rows(invitation: Invitation) -> list[Row]:
    """Return a row per text and figure that the candidate agreed to show, after the headings."""
    rows: list[Row] = [
        (
            _("Question"),
            _("Measure"),
            _("Value"),
            _("Other candidates’ average"),
            _("To read it by"),
        )
    ]
    for item in reviewing.review(invitation):
        question = _question(item)
        if item.shown is None:
            rows.append((question, _no_answer(item), "", "", ""))
            continue
        if item.shown.transcript:
            rows.append((question, _("In words"), item.shown.transcript, "", ""))
        rows += [(question, *_cells(figure)) for figure in item.shown.figures]
        rows += [
            (question, f"{title} {form}", str(count), "", "")
            for title, counts in _counted(item.shown)
            for form, count in counts
        ]
    return rows


def candidate_document(invitation: Invitation) -> Document:
    """Return the same as a document, a section per question."""
    return Document(
        _("Candidate: %(name)s", name=invitation.email),
        _(
            "%(title)s, %(organisation)s. What this candidate agreed to show. Figures describe how "
            "something was said or written, not how good it was; estimates are often wrong.",
            title=invitation.application.title,
            organisation=invitation.application.organisation.name,
        ),
        tuple(_answer_section(item) for item in reviewing.review(invitation)),
    )


def _answer_section(item: Reviewed) -> Section:
    if item.shown is None:
        return Section(_question(item), (_no_answer(item),))
    headings = (_("Measure"), _("Value"), _("Other candidates’ average"), _("To read it by"))
    figures = tuple(_cells(figure) for figure in item.shown.figures)
    return Section(
        _question(item), _paragraphs(item.shown), (headings, *figures) if figures else ()
    )


def _no_answer(item: Reviewed) -> str:
    if item.is_unusable:
        return _("This candidate gave an answer of which nothing can be shown.")
    return _("This candidate gave no answer to this question.")


def _paragraphs(shown: Disclosure) -> tuple[str, ...]:
    found = [shown.transcript] if shown.transcript else []
    for title, counts in _counted(shown):
        if counts:
            found.append(f"{title} " + ", ".join(f"{form} × {count}" for form, count in counts))
    return tuple(found)


def _counted(shown: Disclosure) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return the words and expressions that are counted, under their titles."""
    return (
        (_("Used most:"), shown.terms),
        (_("Filler expressions:"), shown.fillers),
    )


def _question(item: Reviewed) -> str:
    return f"{item.prompt.position}. {item.prompt.revision.text}"


def _cells(figure: Figure) -> Row:
    return (figure.name, figure.value, figure.others or "", figure.usual or "")
