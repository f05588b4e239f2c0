"""Reviewing and sharing in real Chromium: two raters of a candidate, and a link that is shared."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from interview import create_app
from interview.accounts import services as accounts
from interview.accounts.models import Candidate, User
from interview.columns import now
from interview.extensions import db
from interview.practice.models import Answer, AnswerState, Interview, Question
from interview.questions.models import Prompt
from interview.recruiting.models import ApplicationInterview, Invitation, MemberRole
from tests.browser.conftest import new_context, watch
from tests.browser.journeys import PASSWORD, Person
from tests.browser.test_pages import AXE, DESK, PHONE, violations
from tests.support.databases import make_settings
from tests.support.recruiting import make_application, make_invitation, make_organisation
from tests.support.reports import complete_report
from tests.support.reviewing import hand_in, keep_recording, make_share, report_of
from tests.support.server import Server
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import recording, transcribed_report

NAMES = ("candidates", "to rate", "rated", "compare", "share", "shares", "shared", "with us")


class Place:
    """An organisation with an owner, a rater and candidates; and somebody who practised."""

    def __init__(self, owner: str, rater: str, practised: str, addresses: dict[str, str]) -> None:
        self.owner, self.rater, self.practised = owner, rater, practised
        self.addresses = addresses


@pytest.fixture(scope="module")
def place(platform: Server, instance: Path) -> Place:
    """All of it, on the platform that the journeys use."""
    app = create_app(make_settings(instance))
    with app.app_context():
        made = _furnish()
        db.session.remove()
        db.engine.dispose()
    return made


def _furnish() -> Place:
    owner, rater, robin = (_account(name) for name in ("owner", "rater", "robin"))
    prompts = list(db.session.scalars(sa.select(Prompt).order_by(Prompt.id).limit(2)))
    organisation = make_organisation(
        "Harbour Works", {owner: MemberRole.OWNER, rater: MemberRole.RATER}
    )
    application = make_application(organisation, prompts)
    casey = _candidate(application, "casey", [transcribed_report(), transcribed_report()])
    others = [
        _candidate(application, "dana", [transcribed_report(), transcribed_report()]),
        _candidate(application, "ellis", [complete_report(), complete_report()]),
    ]
    fay = _candidate(application, "fay", [transcribed_report(), transcribed_report()])
    answer = _practise(accounts.candidate_of(robin.id), prompts[0])
    link, given = make_share(answer), make_share(answer, organisation=organisation)
    query = "&".join(f"who={each.id}" for each in (casey, *others))
    return Place(
        owner.email,
        rater.email,
        robin.email,
        {
            "candidates": f"/recruiting/applications/{application.id}/candidates",
            "candidate": f"/recruiting/candidates/{casey.id}",
            "to rate": f"/recruiting/candidates/{fay.id}",
            "rated": f"/recruiting/candidates/{others[0].id}",
            "compare": f"/recruiting/applications/{application.id}/compare?prompt=1&{query}",
            "answer": f"/answers/{answer.id}",
            "share": f"/answers/{answer.id}/shares",
            "shares": "/shares",
            "shared": f"/shared/{link.token}",  # type: ignore[attr-defined]
            "with us": "/recruiting/shared",
            "given": f"/recruiting/shared/{given.id}",
        },
    )


def _account(name: str) -> User:
    roles = ("candidate", "recruiter") if name == "owner" else ("candidate",)
    return accounts.create_user(f"{name}-{uuid.uuid4().hex[:6]}@example.org", PASSWORD, roles)


def _candidate(application: ApplicationInterview, name: str, bodies: list[dict]) -> Invitation:
    candidate = Candidate(user=_account(name))
    db.session.add(candidate)
    db.session.commit()
    invitation = make_invitation(
        application, candidate, mode=bodies[0]["mode"], email=f"{name}@example.org"
    )
    hand_in(invitation, bodies, COMPLETE_ANSWER)
    if bodies[0]["mode"] == "audio":
        for question in invitation.interview.questions:
            keep_recording(question.answers[0], recording())
    return invitation


def _practise(candidate: Candidate, prompt: Prompt) -> Answer:
    interview = Interview(candidate=candidate, mode="audio")
    question = Question(interview=interview, position=1, revision=prompt.current)
    answer = Answer(
        question=question,
        candidate=candidate,
        take=1,
        state=AnswerState.ANALYSED,
        text=COMPLETE_ANSWER,
        submitted_at=now(),
        finished_at=now(),
    )
    db.session.add_all([interview, answer])
    db.session.flush()
    db.session.add(report_of(answer, transcribed_report()))
    db.session.commit()
    keep_recording(answer, recording())
    return answer


@contextmanager
def at_browser(browser: Browser, platform: Server, email: str | None = None) -> Iterator[Page]:
    """Give the page of a new browser profile, in which this account is logged in."""
    context = new_context(browser, platform, reduced_motion="reduce")
    page = context.new_page()
    problems = watch(page)
    if email:
        person = Person(page)
        person.email = email
        person.log_in()
    yield page
    context.close()
    assert [line for line in problems if "ERR_ABORTED" not in line] == []


def rate(page: Page, level: str) -> None:
    """Give every answer the same level."""
    for group in page.locator("fieldset.scorecard").all():
        group.get_by_label(re.compile(f"^{level} ·")).check()


def test_two_raters_judge_a_candidate_each_on_their_own_and_one_decides(browser, platform, place):
    address = place.addresses["candidate"]
    with (
        at_browser(browser, platform, place.owner) as owner,
        at_browser(browser, platform, place.rater) as rater,
    ):
        owner.goto(place.addresses["candidates"])
        owner.get_by_role("link", name="casey@example.org").click()
        first = owner.locator("#prompt-1")
        first.get_by_role("link", name="0:36").first.click()
        owner.wait_for_function("document.querySelector('audio').currentTime >= 36")
        first.get_by_role("button", name="Note the time that is playing").click()
        expect(first.get_by_label("Evidence", exact=True)).to_have_value(re.compile("^0:3[67] $"))
        first.get_by_label("Evidence", exact=True).press_sequentially("names the plan")
        rate(owner, "4")
        owner.get_by_role("button", name="Hand my scorecard in").click()
        expect(owner.get_by_text("Your scorecard is handed in.")).to_be_visible()

        rater.goto(address)
        expect(rater.get_by_text("1 scorecard of somebody else is in.")).to_be_visible()
        expect(rater.get_by_text("names the plan")).to_have_count(0)
        rate(rater, "3")
        rater.get_by_role("button", name="Hand my scorecard in").click()
        expect(rater.get_by_text("names the plan")).to_be_visible()
        expect(rater.get_by_text("One level apart at most")).to_be_visible()
        expect(rater.get_by_role("button", name="Note the decision")).to_have_count(0)

        owner.reload()
        expect(owner.locator("#prompt-1").get_by_text(place.rater)).to_be_visible()
        owner.get_by_label("Go on to the next step").check()
        owner.get_by_label("Reasons").fill("Plans, and says how.")
        owner.get_by_role("button", name="Note the decision").click()
        expect(owner.locator("#decisions")).to_contain_text("Plans, and says how.")


def test_ticked_candidates_stay_ticked_in_another_order_of_the_list(browser, platform, place):
    with at_browser(browser, platform, place.owner) as owner:
        owner.goto(place.addresses["candidates"])
        for name in ("dana", "fay"):
            owner.get_by_role("checkbox", name=f"{name}@example.org").check()
        owner.get_by_role("link", name="By time").click()
        expect(owner.get_by_role("link", name="By time")).to_have_attribute("aria-current", "true")
        expect(owner.get_by_role("checkbox", checked=True)).to_have_count(2)
        owner.get_by_role("checkbox", name="dana@example.org").uncheck()
        owner.get_by_role("link", name="By name").click()
        expect(owner.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_a_link_shows_what_was_chosen_until_it_is_taken_back(browser, platform, place):
    with (
        at_browser(browser, platform, place.practised) as robin,
        at_browser(browser, platform) as friend,
    ):
        robin.goto(place.addresses["answer"])
        robin.get_by_role("link", name="Share this answer, or see who may see it").click()
        robin.get_by_label("The recording").check()
        robin.get_by_label("How you spoke: pace, pauses, voice").check()
        robin.get_by_label("Your name, as they will see it").fill("Robin")
        robin.get_by_role("button", name="Share it").click()
        link = robin.get_by_role("textbox", name="Your link").input_value()

        friend.goto(link)
        expect(friend.get_by_text("Robin practised this answer")).to_be_visible()
        expect(friend.get_by_role("heading", name="How it was spoken")).to_be_visible()
        expect(friend.get_by_role("heading", name="In words")).to_have_count(0)
        friend.get_by_role("link", name="0:36").first.click()
        friend.wait_for_function("document.querySelector('audio').currentTime >= 36")

        robin.reload()
        newest = robin.locator(".share").first
        expect(newest).to_contain_text("1 time")
        newest.get_by_role("button", name="End this share").click()
        expect(robin.get_by_text("Nobody can see it any more.")).to_be_visible()
        assert friend.request.get(link).status == 404


@pytest.fixture(scope="module")
def visitors(browser: Browser, platform: Server, place: Place) -> Iterator[dict[str, Page]]:
    """The pages of the organisation's owner and of the person who practised."""
    with (
        at_browser(browser, platform, place.owner) as owner,
        at_browser(browser, platform, place.practised) as robin,
    ):
        owner.goto(place.addresses["rated"])
        rate(owner, "2")
        owner.get_by_role("button", name="Hand my scorecard in").click()
        yield {"share": robin, "shares": robin} | dict.fromkeys(NAMES[:4] + NAMES[6:], owner)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_breaks_no_rule_of_accessibility_and_fits_a_phone(visitors, place, name):
    page = visitors[name]
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        page.goto(place.addresses[name], wait_until="networkidle")
        page.evaluate(AXE.read_text())
        assert violations(page) == [], scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
