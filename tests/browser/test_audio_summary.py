"""The summary of a spoken answer in real Chromium: the recording and its picture move together."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from interview import create_app
from interview.accounts.models import Candidate
from interview.columns import now
from interview.extensions import db
from interview.media.store import store
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Interview, Question, Report
from interview.questions.models import Prompt
from tests.browser.conftest import new_context, watch
from tests.browser.test_pages import DESK, PHONE, look
from tests.support.databases import make_settings
from tests.support.films import video_report
from tests.support.server import Server
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import recording, silent_report, spoken_report, transcribed_report

TOKEN = uuid.uuid4().hex * 2
BODIES = {
    "spoken": spoken_report,
    "transcribed": transcribed_report,
    "silent": silent_report,
    "filmed": video_report,
}


@pytest.fixture(scope="module")
def addresses(platform: Server, instance: Path) -> dict[str, str]:
    """The answers of a guest who recorded, by what their reports are like."""
    app = create_app(make_settings(instance))
    with app.app_context():
        guest = Candidate(
            guest_token_hash=hashlib.sha256(TOKEN.encode()).hexdigest(),
            expires_at=now() + timedelta(hours=24),
        )
        prompt = db.session.scalars(sa.select(Prompt).order_by(Prompt.id).limit(1)).one()
        questions = {
            mode: Question(
                interview=Interview(candidate=guest, mode=mode), position=1, revision=prompt.current
            )
            for mode in ("audio", "video")
        }
        db.session.add_all([guest, *questions.values()])
        bodies = [(name, make()) for name, make in BODIES.items()]
        found = {
            name: _answer(questions[body["mode"]], take, body)
            for take, (name, body) in enumerate(bodies, start=1)
        }
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return found


def _answer(question: Question, take: int, body: dict) -> str:
    key, sound = store.create(), recording()
    store.write_at(key, 0, sound)
    answer = Answer(
        question=question,
        candidate=question.interview.candidate,
        take=take,
        state=AnswerState.ANALYSED,
        text=COMPLETE_ANSWER if body.get("transcript") else "",
        submitted_at=now(),
        finished_at=now(),
        recording_key=key,
        recording_type="audio/wav",
        recording_bytes=len(sound),
        recording_clean=True,
    )
    db.session.add(answer)
    db.session.flush()
    db.session.add(
        Report(
            answer_id=answer.id,
            candidate_id=answer.candidate_id,
            mode=body["mode"],
            prompt_id=question.revision.prompt_id,
            pipeline=body["pipeline"],
            body=body,
            steps=peers.to_steps(body["measures"], body["mode"]),
            terms=peers.terms_of(body),
        )
    )
    return f"/answers/{answer.id}"


@pytest.fixture
def listener(browser: Browser, platform: Server, context_options: dict) -> Iterator[Page]:
    """The guest's browser; the test fails when anything goes wrong on its page unseen."""
    context = new_context(browser, platform, **context_options)
    context.add_cookies([{"name": "workspace", "value": TOKEN, "url": platform.url}])
    page = context.new_page()
    problems = watch(page)
    yield page
    context.close()
    assert [line for line in problems if "ERR_ABORTED" not in line] == []


def current_time(page: Page) -> float:
    return float(page.locator("[data-player-media]").evaluate("media => media.currentTime"))


def open_player(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("document.querySelector('[data-player-media]').readyState >= 1")
    expect(page.get_by_role("slider", name="Place in the recording")).to_be_visible()


def test_the_arrow_keys_move_through_the_recording(listener, addresses):
    open_player(listener, addresses["spoken"])
    slider = listener.get_by_role("slider", name="Place in the recording")
    slider.focus()
    for _ in range(3):
        listener.keyboard.press("ArrowRight")
    assert current_time(listener) == pytest.approx(3, abs=0.1)
    expect(slider).to_have_attribute("aria-valuenow", "3")
    listener.keyboard.press("PageUp")
    listener.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^0:12 of 0:48: mostly happy"))
    listener.keyboard.press("End")
    assert current_time(listener) > 47.5
    listener.keyboard.press("Home")
    assert current_time(listener) == 0


def test_the_drawing_of_a_film_moves_it_and_tells_what_is_seen_and_heard(listener, addresses):
    open_player(listener, addresses["filmed"])
    slider = listener.get_by_role("slider", name="Place in the recording")
    slider.focus()
    listener.keyboard.press("PageUp")
    for _ in range(3):
        listener.keyboard.press("ArrowRight")
    assert current_time(listener) == pytest.approx(13, abs=0.1)
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^0:13 of 0:48: .*turned away"))
    listener.locator("#moments").get_by_role("link", name="0:44").click()
    listener.wait_for_function("document.querySelector('video').currentTime > 44")
    listener.get_by_text("All seven emotions: the face alone", exact=True).click()
    expect(listener.locator("[data-channel=face] .player__lane").first).to_be_visible()


@pytest.mark.parametrize("context_options", [{"viewport": PHONE}, {"viewport": DESK}])
def test_a_film_stays_in_sight_wherever_a_time_is_pressed(listener, addresses):
    open_player(listener, addresses["filmed"])
    film, close = listener.locator("video"), listener.get_by_role("button", name="Close the film")
    expect(close).to_be_hidden()
    for section in ("#camera", "#moments"):
        link = listener.locator(section).locator("[data-seek]").last
        link.scroll_into_view_if_needed()
        link.press("Enter")
        expect(close).to_be_visible()
        expect(film).to_be_in_viewport(ratio=1)
        expect(link).to_be_focused()
    look(listener)
    listener.keyboard.press("Escape")
    expect(close).to_be_hidden()
    assert film.evaluate("film => film.paused")
    link.press("Enter")
    close.click()
    expect(link).to_be_focused()
    link.press("Enter")
    expect(close).to_be_visible()
    listener.evaluate("document.querySelector('#listen-title').scrollIntoView()")
    expect(close).to_be_hidden()
    assert not film.evaluate("film => film.paused")


def test_face_and_voice_alone_unfold_to_a_drawing_with_its_table(listener, addresses):
    listener.emulate_media(reduced_motion="reduce")
    listener.goto(addresses["filmed"], wait_until="networkidle")
    for source in ("face", "voice"):
        alone = listener.locator(f"[data-alone={source}]")
        expect(alone.get_by_text("Numbers as a table").first).to_be_hidden()
        alone.locator("summary").first.click()
        expect(alone.locator("[data-chart] svg").first).to_be_visible()
        alone.get_by_text("Where I stand").first.click()
        expect(alone.locator("[data-emotion=angry] [data-chart] svg")).to_be_visible()
        alone.get_by_text("Numbers as a table").first.click()
        expect(alone.get_by_role("columnheader", name="Others’ average")).to_be_visible()
    look(listener)


def test_pressing_the_picture_moves_the_recording_and_the_line(listener, addresses):
    open_player(listener, addresses["spoken"])
    slider = listener.get_by_role("slider", name="Place in the recording")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    listener.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + 20)
    assert current_time(listener) == pytest.approx(0.8 * 48, abs=0.5)
    expect(listener.locator("[data-player-now]")).to_have_text("0:38 of 0:48: no speech")
    line = listener.locator("[data-player-line]").bounding_box()
    assert line["x"] == pytest.approx(box["x"] + box["width"] * 0.8, abs=4)


def test_a_time_in_the_text_plays_from_there(listener, addresses):
    open_player(listener, addresses["spoken"])
    address = listener.url
    listener.locator("#delivery").get_by_role("link", name="0:36").click()
    listener.wait_for_function("!document.querySelector('audio').paused")
    assert 36.4 <= current_time(listener) < 40
    assert listener.url == address


def test_the_space_bar_plays_and_stops_and_the_place_moves_along(listener, addresses):
    open_player(listener, addresses["spoken"])
    slider = listener.get_by_role("slider", name="Place in the recording")
    slider.focus()
    listener.keyboard.press("Space")
    expect(slider).to_have_attribute("aria-valuenow", re.compile("^[1-9]"))
    listener.keyboard.press("Space")
    assert listener.locator("audio").evaluate("audio => audio.paused")


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_without_scripts_the_recording_its_picture_and_tables_are_there(listener, addresses):
    listener.goto(addresses["spoken"])
    expect(listener.locator("audio[controls]")).to_be_visible()
    expect(listener.locator(".player__wave")).to_be_visible()
    expect(listener.get_by_role("slider", name="Place in the recording")).to_have_count(0)
    expect(listener.locator("#emotions table").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", BODIES)
def test_the_summary_breaks_no_rule_of_accessibility_and_fits_a_phone(
    listener, addresses, name, scheme
):
    listener.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    listener.goto(addresses[name], wait_until="networkidle")
    look(listener)
