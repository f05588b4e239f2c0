"""Spoken answers in real Chromium, whose microphone plays a file."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

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
from tests.support import sounds

SPEECH_SECONDS = 20


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears."""
    path = tmp_path_factory.mktemp("voice") / "speech.wav"
    sound = sounds.speech(SPEECH_SECONDS, [(0.0, 8.0), (9.0, 20.0)], level=0.5)
    return sounds.write(path, sound, container="wav", codec="pcm_s16le")


@pytest.fixture
def recorder(launch: Callable[..., BrowserContext], voice: Path) -> Iterator[Recorder]:
    """Somebody before the recorder, with a microphone."""
    context = launch(*FAKE, f"--use-file-for-fake-audio-capture={voice}")
    with at_the_recorder(context) as recorder:
        yield recorder


def test_an_answer_is_recorded_with_a_pause_heard_taken_again_and_analysed(recorder):
    page = recorder.page
    recorder.open()
    recorder.press("Start recording")
    recorder.wait(3)
    expect(page.get_by_text(re.compile(r"^\d+ % sent$"))).to_be_visible()
    recorder.press("Pause")
    expect(page.locator("[data-phase]")).to_have_text("Paused")
    recorder.press("Go on recording")
    recorder.wait(2)
    recorder.press("Stop")
    recorder.see_it_sent()
    audio = page.locator("audio")
    page.wait_for_function("() => document.querySelector('audio').readyState >= 2")
    assert audio.evaluate("async each => { await each.play(); return !each.paused; }")
    recorder.record_again()
    expect(page.get_by_text("Take 2", exact=True)).to_be_visible()
    assert recorder.arrived() == 0
    recorder.record(10)
    report = recorder.hand_in()
    assert report["sound"]["duration"] == pytest.approx(10, abs=2.5)
    assert report["sound"]["speech_seconds"] > 4
    played = page.request.get(page.url + "/recording", headers={"Range": "bytes=0-99"})
    assert (played.status, len(played.body())) == (206, 100)


def test_the_microphone_is_checked_before_anything_is_recorded(recorder):
    page = recorder.page
    recorder.open()
    page.get_by_text("Check the microphone", exact=True).click()
    recorder.press("Listen to the microphone")
    expect(page.get_by_text("good", exact=True)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Loudness: good.")).to_have_count(1)
    assert page.get_by_label("Microphone", exact=True).locator("option").count() > 1
    assert recorder.arrived() == 0


def test_a_connection_cut_in_the_middle_loses_nothing(recorder):
    before = recorder.lose_the_connection(seconds=4)
    assert recorder.arrived() > before
    assert recorder.hand_in()["sound"]["duration"] > 6.5  # four of them before it was cut


def test_a_request_that_fails_on_the_way_is_sent_again(recorder):
    page = recorder.page
    recorder.open()
    failed = []

    def sometimes(route: object) -> None:
        if len(failed) < 3:
            failed.append(route)
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/chunks", sometimes)
    recorder.record(4)
    recorder.see_it_sent()
    assert len(failed) == 3
    assert recorder.arrived() > 0


def test_a_closed_tab_is_taken_up_again(recorder):
    page = recorder.page
    address = recorder.open()
    page.route("**/chunks", lambda route: route.abort())
    recorder.press("Start recording")
    recorder.wait(5)
    page.close(run_before_unload=False)

    again = Recorder(page.context.new_page())
    again.page.goto(address)
    kept = "A recording that you began earlier is here."
    expect(again.page.locator("[data-kept-note]")).to_contain_text(kept)
    expect(again.page.locator("[data-kept-note]")).to_be_visible()
    expect(again.page.locator("[data-said]")).to_contain_text(kept)
    again.see_it_sent()
    assert again.arrived() > 10_000
    assert again.hand_in()["sound"]["duration"] > 3


def test_the_whole_way_works_with_the_keyboard_alone(recorder):
    page = recorder.page
    page.goto("/audio")
    page.get_by_role("button", name="Show me the question").press("Enter")
    page.get_by_role("button", name="I understand, go on").press("Enter")
    expect(page.get_by_role("button", name="Start recording")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_focused()
    page.wait_for_timeout(5000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hand in and see the summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#listen")).to_be_visible()


def test_a_microphone_that_is_denied_is_explained(launch):
    is_explained(launch(*DENIED), "audio", "may not use the microphone")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "in use by another program"),
        ("TypeError", "cannot record sound"),
    ],
)
def test_each_cause_of_having_no_microphone_is_explained(launch, cause, words):
    is_explained(break_devices(launch(), cause), "audio", words)


def test_a_recording_from_safari_is_sent_as_a_file(recorder, tmp_path):
    path = tmp_path / "answer.mp4"
    sounds.write(path, sounds.speech(8), container="mp4", codec="aac", layout="stereo")
    recorder.open()
    recorder.page.get_by_label(re.compile("^Recording ")).set_input_files(path)
    recorder.press("Send it and see the summary")
    expect(recorder.page.locator("#listen")).to_be_visible()
    assert recorder.report()["sound"]["duration"] == pytest.approx(8, abs=0.2)


def test_without_javascript_a_file_can_be_sent(launch, tmp_path):
    path = sounds.write(tmp_path / "answer.ogg", sounds.speech(8), container="ogg")
    page = launch(java_script_enabled=False).new_page()
    page.goto("/audio")
    page.get_by_role("button", name="Show me the question").click()
    page.get_by_label(re.compile("^Recording ")).set_input_files(path)
    page.get_by_role("button", name="Send it and see the summary").click()
    expect(page.locator("#listen")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_recorder_breaks_no_rule_of_accessibility_and_fits_a_phone(recorder, scheme):
    page = recorder.page
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    recorder.open()
    page.get_by_text("Check the microphone", exact=True).click()
    recorder.press("Listen to the microphone")
    look(page)
    recorder.press("Start recording")
    recorder.wait(2)
    look(page)
    recorder.press("Stop")
    recorder.see_it_sent()
    look(page)
