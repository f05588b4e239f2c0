"""Existing files sent from the recorder's page in real Chromium, over connections that break."""

import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.recorder import FAKE, Recorder, at_the_recorder
from tests.browser.test_pages import look
from tests.support import sounds, videos
from tests.support.server import Server

SECONDS = 12
PIECE = 65_536
"""Bytes: small enough that a short file has several pieces."""

REFUSED = ("status of 409", "status of 503")
"""What Chromium says of answers that the uploader knows what to do with."""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of six pieces that somebody made elsewhere."""
    path = tmp_path_factory.mktemp("file") / "answer.wav"
    return sounds.write(path, sounds.speech(SECONDS), container="wav", codec="pcm_s16le")


@pytest.fixture
def recorder(launch: Callable[..., BrowserContext]) -> Iterator[Recorder]:
    """Somebody who has a file."""
    with at_the_recorder(launch(*FAKE), "audio", *REFUSED) as recorder:
        yield recorder


def choose(page: Page, path: Path) -> None:
    """Choose a file, to be sent in small pieces."""
    page.locator("[data-recorder]").evaluate(
        "(each, bytes) => (each.dataset.pieceBytes = bytes)", PIECE
    )
    page.get_by_label(re.compile(r"^(Recording|Video) \(")).set_input_files(path)


def send(page: Page) -> None:
    """Send the chosen file."""
    page.get_by_role("button", name="Send it and see the summary").click()


def from_piece(number: int, happens: Callable[[Route], object]) -> Callable[[Route], None]:
    """Return a way on which the first pieces arrive and something else happens to the others."""

    def way(route: Route) -> None:
        if int(route.request.headers["upload-offset"]) < number * PIECE:
            route.continue_()
        else:
            happens(route)

    return way


def offsets(page: Page) -> list[int]:
    """Return a list that grows by where each piece begins that is sent."""
    found: list[int] = []
    page.on(
        "request",
        lambda request: (
            found.append(int(request.headers["upload-offset"]))
            if request.method == "POST" and request.url.endswith("/chunks")
            else None
        ),
    )
    return found


def reports(studio: Server, address: str) -> int:
    """Return how often the answer at an address was analysed."""
    answer = uuid.UUID(address.rsplit("/", 1)[1])
    path = Path(studio.environment["INSTANCE_DIR"]) / "interview.db"
    query = "SELECT count(*) FROM reports WHERE replace(answer_id, '-', '') = ?"
    with sqlite3.connect(path) as database:
        return int(database.execute(query, (answer.hex,)).fetchone()[0])


def test_a_file_that_is_interrupted_twice_loses_nothing_and_is_analysed_once(
    recorder, spoken, studio
):
    page, asked = recorder.page, []
    address = recorder.open()
    sent = offsets(page)

    def refuse_once(route: Route) -> None:
        asked.append(route)
        if len(asked) == 2:
            route.fulfill(status=503)
        elif len(asked) == 4:
            route.abort()
        else:
            route.continue_()

    def lose_the_first_answer(route: Route) -> None:
        page.unroute("**/recording")
        route.fetch()
        route.abort()

    page.route("**/chunks", refuse_once)
    page.route("**/recording", lose_the_first_answer)
    choose(page, spoken)
    send(page)
    expect(page.locator("#listen")).to_be_visible()
    assert recorder.report()["sound"]["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert sent[1] == sent[2] == PIECE
    assert sorted(set(sent)) == list(range(0, spoken.stat().st_size, PIECE))
    assert reports(studio, address) == 1


def test_how_far_it_is_can_be_seen_and_is_told_politely(recorder, spoken):
    page = recorder.page
    recorder.open()
    held: list[Route] = []
    page.route("**/chunks", from_piece(2, held.append))
    choose(page, spoken)
    send(page)
    share = int(100 * 2 * PIECE / spoken.stat().st_size)
    progress = page.get_by_role("progressbar", name=f"{share} % sent")
    expect(progress).to_have_attribute("value", str(share))
    expect(page.locator("[data-file-said]")).to_have_attribute("role", "status")
    expect(page.locator("[data-file-said]")).to_have_text(f"{share} % sent")
    expect(page.get_by_text("The file is being sent.")).to_be_visible()
    look(page)
    page.unroute("**/chunks")  # which lets go of what was held
    expect(page.locator("#listen")).to_be_visible()


def test_a_file_goes_on_by_itself_when_the_connection_is_back(recorder, spoken):
    page = recorder.page
    recorder.open()
    choose(page, spoken)
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_text("Keep this page open: the file is sent on")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#listen")).to_be_visible()
    assert recorder.report()["sound"]["duration"] == pytest.approx(SECONDS, abs=0.2)


def test_after_a_closed_tab_the_same_file_goes_on_where_it_stopped(recorder, spoken, studio):
    page = recorder.page
    address = recorder.open()
    page.route("**/chunks", from_piece(3, Route.abort))
    choose(page, spoken)
    send(page)
    expect(page.get_by_text("The connection is lost.")).to_be_visible()
    page.close(run_before_unload=False)

    again = Recorder(page.context.new_page())
    again.page.goto(address)
    assert again.arrived() == 3 * PIECE
    expect(again.page.get_by_text("Part of a file has been sent.")).to_be_visible()
    expect(again.page.get_by_text("A recording that you began earlier")).to_be_hidden()
    sent = offsets(again.page)
    choose(again.page, spoken)
    send(again.page)
    expect(again.page.locator("#listen")).to_be_visible()
    assert sent[:2] == [0, 3 * PIECE]
    assert again.report()["sound"]["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert reports(studio, address) == 1


def send_a_part(page: Page, file: Path) -> None:
    """Send a file over a connection that breaks after its first piece, and stop sending."""
    page.route("**/chunks", from_piece(2, Route.abort))
    choose(page, file)
    send(page)
    expect(page.get_by_text("The connection is lost.")).to_be_visible()
    page.get_by_role("button", name="Stop sending").click()


def test_sending_can_be_stopped_and_another_file_be_sent(recorder, spoken, tmp_path):
    page = recorder.page
    recorder.open()
    send_a_part(page, spoken)
    expect(page.get_by_role("button", name="Send it and see the summary")).to_be_focused()
    page.unroute("**/chunks")
    other = sounds.write(
        tmp_path / "other.wav", sounds.speech(5), container="wav", codec="pcm_s16le"
    )
    choose(page, other)
    send(page)
    expect(page.locator("#listen")).to_be_visible()
    assert recorder.report()["sound"]["duration"] == pytest.approx(5, abs=0.2)


def test_a_file_takes_the_place_of_what_was_recorded_before(recorder, spoken, studio):
    page = recorder.page
    address = recorder.open()
    recorder.press("Start recording")
    recorder.wait(2)
    choose(page, spoken)
    send(page)
    expect(page.get_by_text("Stop the recording first.")).to_be_visible()
    recorder.press("Stop")
    recorder.see_it_sent()
    send(page)
    expect(page.locator("#listen")).to_be_visible()
    assert recorder.report()["sound"]["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert reports(studio, address) == 1


def test_instead_of_a_file_that_was_not_sent_whole_an_answer_can_be_recorded(recorder, spoken):
    page = recorder.page
    recorder.open()
    send_a_part(page, spoken)
    page.unroute("**/chunks")
    recorder.record(4)
    recorder.see_it_sent()
    assert recorder.hand_in()["sound"]["duration"] == pytest.approx(4, abs=1.5)


def test_a_refusal_of_the_server_is_shown_in_its_words(recorder, spoken):
    page = recorder.page
    recorder.open()
    words = "There is no room left for this."
    page.route("**/chunks", lambda route: route.fulfill(status=409, json={"error": words}))
    choose(page, spoken)
    send(page)
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Send it and see the summary")).to_be_focused()


def test_a_film_is_sent_in_the_same_way(launch, tmp_path):
    faces = [videos.scene((160, 110, 100))] * 20
    film = videos.write(
        tmp_path / "answer.mov", faces, container="mov", rate=4, sound=sounds.speech(5)
    )
    recorder = Recorder(launch().new_page(), "video")
    page = recorder.page
    recorder.open()
    asked: list[Route] = []

    def refuse_once(route: Route) -> None:
        asked.append(route)
        if len(asked) == 1:
            route.fulfill(status=503)
        else:
            route.continue_()

    page.route("**/chunks", refuse_once)
    choose(page, film)
    send(page)
    expect(page.locator("#listen")).to_be_visible()
    assert recorder.report()["picture"]["duration"] == pytest.approx(5, abs=0.3)
    assert len(asked) > 1
