"""Every visible string comes from the catalogue, and the catalogue's template is up to date."""

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import AnswerState, Report
from interview.practice.voice_labels import COMFORT
from interview.recruiting.models import MemberRole
from tests.support.recruiting import make_application, make_invitation, make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import hand_in, make_decision, make_scorecard, make_share
from tests.support.texts import COMPLETE_ANSWER, GUIDANCE
from tests.support.voices import silent_report, transcribed_report
from tools.messages import TEMPLATE, as_text, collect

LANGUAGE = "eo"
"""Stands for any other language: each message is the English one between brackets."""

OPEN, CLOSE = "⟦", "⟧"
PROMPT = "Tell about a day on which nothing worked as planned."
FORMS = ("guests", "rooms", "cards", "booking system", "text fake-1", "speech fake-1")
JUDGED = ("c@d.ee", "Kranfører", "Gæt", "Zoë", "Clear answers.")
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
UNTRANSLATED = re.compile(r"[A-Za-z]{2,}")
SILENT = {"script", "style", "time"}  # times are written by Babel itself


def bracketed(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


@pytest.fixture(scope="session")
def translations(tmp_path_factory) -> Path:
    """A folder with the compiled catalogue of the bracket language."""
    catalog = Catalog(locale=LANGUAGE)
    for message in collect():
        if not message.id:
            continue
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = tuple(bracketed(form) for form in forms)
        catalog.add(message.id, strings if len(forms) > 1 else strings[0], context=message.context)
    folder = tmp_path_factory.mktemp("translations")
    path = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)
    return folder


@pytest.fixture
def translated(app, translations):
    """The application, speaking the bracket language only."""
    babel = app.extensions["babel"]
    app.extensions["babel"] = dataclasses.replace(
        babel, translation_directories=[str(translations)], default_directories=[str(translations)]
    )
    return app


class VisibleText(HTMLParser):
    """Collects what a person sees or hears of a page: text and telling attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        values = dict(attrs)
        self.found += [values[name] or "" for name in ATTRIBUTES if name in values]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.found.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def strangers(page: str, known: tuple[str, ...]) -> list[str]:
    """Return the visible words of a page that are neither translated nor a person's own."""
    parser = VisibleText()
    # A message with markup is several pieces of text, so the brackets count over the whole page.
    parser.feed(page)
    # A text's first letter alone may stand as its sign.
    text = "\x1f".join(piece for piece in parser.found if piece.strip() != OPEN)
    depth, outside = 0, []
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        outside.append("\x1f" if depth or character == CLOSE else character)
    assert depth == 0, "a translated text is cut off"
    rest = "".join(outside)
    for piece in known:
        rest = rest.replace(piece, "")
    return [piece.strip() for piece in rest.split("\x1f") if UNTRANSLATED.search(piece)]


@pytest.fixture
def pages(translated, make_user, make_candidate, make_answer, make_prompt, login):
    """Addresses of the pages that a person passes, by the state of their answers."""
    user = make_user(email="a@b.cc")
    candidate = make_candidate(user)
    prompt = make_prompt(text=PROMPT)
    draft = make_answer(candidate, text="", prompt=prompt)
    waiting = make_answer(candidate, state=AnswerState.QUEUED, step="analyse", prompt=prompt)
    failed = make_answer(
        candidate, state=AnswerState.FAILED, step="analyse", failure="internal", prompt=prompt
    )
    done = make_answer(candidate, report=complete_report(), prompt=prompt)
    spoken = make_answer(candidate, report=transcribed_report(), prompt=prompt)
    silent = make_answer(candidate, text="", report=silent_report(), prompt=prompt)
    with translated.app_context():
        for report in db.session.query(Report):
            peers.add(report)
        db.session.commit()
        reviewed = review_pages(user, make_candidate(make_user()), prompt, spoken)
    browser = login(user)
    return {
        **{address: (browser, address) for address in reviewed},
        "summary": (browser, f"/answers/{done.id}"),
        "spoken summary": (browser, f"/answers/{spoken.id}"),
        "silent summary": (browser, f"/answers/{silent.id}"),
        "draft": (browser, f"/answers/{draft.id}"),
        "waiting": (browser, f"/answers/{waiting.id}"),
        "failed": (browser, f"/answers/{failed.id}"),
        "choose": (browser, "/text"),
        "progress": (browser, "/progress"),
        "privacy": (browser, "/privacy"),
        "change password": (browser, "/change"),
        "start": (translated.test_client(), "/"),
        "log in": (translated.test_client(), "/login"),
        "register": (translated.test_client(), "/register"),
        "forgotten password": (translated.test_client(), "/reset"),
        "not found": (translated.test_client(), "/nowhere"),
    }


def review_pages(user, applicant, prompt, answer) -> list[str]:
    """Addresses of the pages of sharing and reviewing, before and after the reader has rated."""
    organisation = make_organisation("Gæt", {user: MemberRole.OWNER})
    application = make_application(organisation, [prompt], title="Kranfører", description="")
    first, second = (
        make_invitation(application, applicant, mode="audio", email="c@d.ee") for _ in range(2)
    )
    for invitation in (first, second):
        hand_in(invitation, [transcribed_report()], COMPLETE_ANSWER)
    make_scorecard(first, user, [3], "0:20")
    make_decision(first, user)
    below = f"/recruiting/applications/{application.id}"
    return [
        *(f"/answers/{answer.id}/shares", "/shares", "/shared/no-such-link"),
        f"/shared/{make_share(answer, name='Zoë').token}",
        *(f"/recruiting/candidates/{each.id}" for each in (first, second)),
        *(f"{below}/candidates", f"{below}/compare?prompt=1&who={first.id}"),
    ]


# Without the models: their reference words are English, whatever the language of the page.
@pytest.mark.settings(languages=(LANGUAGE,), models_dir=Path("no-models"))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_visible_text_comes_from_the_catalogue(pages):
    sentences = (COMPLETE_ANSWER[start:end] for start, end in complete_report()["sentences"])
    sources = (usual.source for usual in COMFORT.values() if usual.source)
    own = ("a@b.cc", PROMPT, *GUIDANCE.values(), *sentences, *FORMS, *sources, *JUDGED)
    found = {}
    for name, (browser, address) in pages.items():
        answer = browser.get(address)
        assert answer.status_code in (200, 404), (name, answer.status_code)
        found[name] = strangers(answer.text, (*own, answer.headers["X-Request-ID"]))
    assert {name: words for name, words in found.items() if words} == {}


def test_the_template_of_the_catalogue_is_up_to_date():
    assert TEMPLATE.read_text(encoding="utf-8") == as_text(collect()), "run: make messages"
