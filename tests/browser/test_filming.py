"""Answers before a camera in real Chromium, whose camera and microphone play files."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.recorder import (
    DENIED,
    FAKE,
    Recorder,
    at_the_recorder,
    break_devices,
    is_explained,
)
from tests.browser.test_pages import look
from tests.support import camera, sounds, videos


@pytest.fixture(scope="module")
def seen_and_heard(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Flags with which camera and microphone play a face and speech."""
    return camera.studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture
def recorder(
    launch: Callable[..., BrowserContext], seen_and_heard: list[str]
) -> Iterator[Recorder]:
    """Somebody before the recorder, with camera and microphone."""
    with at_the_recorder(launch(*FAKE, *seen_and_heard), "video") as recorder:
        yield recorder


def test_an_answer_is_filmed_with_a_pause_watched_taken_again_and_analysed(recorder):
    page = recorder.page
    recorder.open()
    recorder.press("Start recording")
    recorder.wait(2)
    recorder.press("Pause")
    expect(page.locator("[data-phase]")).to_have_text("Paused")
    recorder.press("Go on recording")
    recorder.wait(2)
    recorder.press("Stop")
    recorder.see_it_sent()
    page.wait_for_function("() => document.querySelector('[data-playback]').readyState >= 2")
    size = "each => [each.videoWidth, each.videoHeight]"
    assert page.locator("[data-playback]").evaluate(size) == [640, 480]
    recorder.record_again()
    expect(page.get_by_text("Take 2", exact=True)).to_be_visible()
    recorder.record(6)
    report = recorder.hand_in()
    assert report["picture"]["frames_with_face"] > 0.7 * report["picture"]["frames"]
    assert report["voice"]["sound"]["speech_seconds"] > 2
    assert report["scored"]
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    played = page.request.get(page.url + "/recording", headers={"Range": "bytes=0-99"})
    assert (played.status, len(played.body())) == (206, 100)
    assert played.headers["content-type"].startswith("video/")
    look(page)


def test_the_picture_of_oneself_can_be_hidden_and_stays_hidden(recorder):
    page = recorder.page
    recorder.open()
    recorder.press("Switch camera and microphone on")
    view = page.locator("[data-self-view]")
    expect(page.get_by_text("Light: good", exact=True)).to_be_visible()
    for name in ("Camera", "Microphone"):
        assert page.get_by_label(name, exact=True).locator("option").count() > 1
    look(page)
    page.get_by_role("button", name="Hide my picture").press("Enter")
    expect(view).to_have_class(re.compile("visually-hidden"))
    page.reload()
    recorder.press("Start recording")
    recorder.wait(2)
    expect(view).to_have_class(re.compile("visually-hidden"))
    expect(page.get_by_text("Light: good", exact=True)).to_be_visible()  # it is still measured
    look(page)
    recorder.press("Stop")
    recorder.see_it_sent()
    assert recorder.arrived() > 10_000


def test_too_little_light_is_told_before_anything_is_recorded(launch, tmp_path):
    dark = camera.film(tmp_path / "dark.mjpeg", light=0.15)
    page = launch(*FAKE, f"--use-file-for-fake-video-capture={dark}").new_page()
    recorder = Recorder(page, "video")
    recorder.open()
    recorder.press("Switch camera and microphone on")
    expect(page.get_by_text("Rather dark", exact=True)).to_be_visible()
    assert recorder.arrived() == 0


def test_a_connection_cut_in_the_middle_loses_nothing(recorder):
    before = recorder.lose_the_connection(seconds=2)
    assert recorder.arrived() > before


def test_a_camera_that_is_denied_is_explained(launch):
    is_explained(launch(*DENIED), "video", "may not use the camera and the microphone")


@pytest.mark.parametrize(
    ("cause", "kinds", "words"),
    [
        ("NotFoundError", "audioinput", "No camera was found"),
        ("NotFoundError", "videoinput", "No microphone was found"),
        ("NotReadableError", "", "in use by another program"),
    ],
)
def test_each_cause_of_having_no_picture_is_explained(launch, cause, kinds, words):
    is_explained(break_devices(launch(), cause, kinds), "video", words)


def test_a_file_that_is_too_large_is_told_of_before_it_is_sent(recorder):
    page = recorder.page
    recorder.open()
    file = {"name": "answer.mp4", "mimeType": "video/mp4", "buffer": b"not even one mebibyte"}
    page.get_by_label("Video (WebM, MP4 or MOV)").set_input_files(file)
    page.locator("form[data-file]").evaluate("form => (form.dataset.maxBytes = 10)")
    address = page.url
    recorder.press("Send it and see the summary")
    expect(page.get_by_text("this one is larger")).to_be_visible()
    assert page.url == address
    assert recorder.arrived() == 0


def test_a_film_of_a_phone_is_sent_as_a_file_without_javascript(launch, tmp_path):
    faces = [videos.scene((160, 110, 100))] * 20
    path = videos.write(
        tmp_path / "answer.mov", faces, container="mov", rate=4, sound=sounds.speech(5)
    )
    page = launch(java_script_enabled=False).new_page()
    page.goto("/video")
    page.get_by_role("button", name="Show me the question").click()
    page.get_by_label("Video (WebM, MP4 or MOV)").set_input_files(path)
    page.get_by_role("button", name="Send it and see the summary").click()
    expect(page.locator("#listen")).to_be_visible()
    assert Recorder(page).report()["picture"]["duration"] == pytest.approx(5, abs=0.3)
    expect(page.locator("video[controls]")).to_be_visible()
