"""The summary of a spoken answer as its candidate sees it, from stored reports."""

import re

import pytest
from werkzeug.test import TestResponse

from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer, AnswerState, Report
from tests.support.reports import complete_report
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import silent_report, spoken_report, transcribed_report


def path(answer):
    return f"/answers/{answer.id}"


@pytest.fixture
def summary(guest, guest_client, make_answer):
    """`summary(body, …)` returns the page of an answer with this report."""

    def show(body, **values) -> TestResponse:
        values.setdefault("text", body["transcript"] or "")
        values.setdefault("recording_key", "a-recording")
        answer = make_answer(guest, report=body, **values)
        page = guest_client.get(path(answer))
        assert page.status_code == 200
        return page

    return show


def sections(page: TestResponse) -> list[str]:
    return re.findall(r'<section id="([a-z]+)"', page.text)


class TestPage:
    """What stands where."""

    def test_without_transcript_it_is_about_the_sound(self, summary):
        page = summary(spoken_report())
        assert sections(page) == ["listen", "try", "delivery", "emotions", "transcript", "next"]

    def test_with_a_transcript_the_whole_report_on_the_words_follows(self, summary):
        page = summary(transcribed_report())
        assert sections(page)[5:] == [
            *("structure", "style", "words", "traits", "impression", "next"),
        ]
        assert "<mark" in page.text

    def test_of_silence_it_says_so_and_offers_another_take(self, summary):
        page = summary(silent_report())
        assert sections(page) == ["listen", "transcript", "next"]
        assert 'data-notice="silence"' in page.text
        assert "Take it again" in page.text

    def test_every_link_within_the_page_has_its_place(self, summary):
        page = summary(transcribed_report())
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page.text)) <= set(ids)

    def test_the_estimate_is_called_one_and_its_accuracy_is_a_step_away(self, summary):
        page = summary(spoken_report())
        emotions = page.text[page.text.index('id="emotions"') :]
        assert "acted speech of 97 actors" in emotions
        assert "shown to you alone" in emotions
        assert 'href="/models/speech"' in emotions
        assert "neutral and calm" in emotions

    def test_the_transcript_can_be_typed_and_corrected(self, summary):
        page = summary(transcribed_report())
        assert re.search(r'<form [^>]*action="/answers/[0-9a-f-]+/transcript"', page.text)
        assert f">{COMPLETE_ANSWER}</textarea>" in page.text

    def test_a_text_answer_has_no_player(self, guest, guest_client, make_answer):
        page = guest_client.get(path(make_answer(guest, report=complete_report())))
        assert "data-player" not in page.text
        assert "media-src" not in page.headers["Content-Security-Policy"]


class TestPlayer:
    """The recording and its picture."""

    def test_it_plays_the_recording_and_the_policy_lets_it(self, summary):
        page = summary(spoken_report())
        assert re.search(
            r'<audio [^>]*controls[^>]* src="/answers/[0-9a-f-]+/recording"', page.text
        )
        assert "media-src 'self'" in page.headers["Content-Security-Policy"]

    def test_times_lead_into_the_recording_without_scripts(self, summary):
        page = summary(spoken_report())
        assert re.search(r'href="/answers/[0-9a-f-]+/recording#t=36\.50"', page.text)

    def test_the_picture_is_in_the_page_with_a_sentence_for_those_who_do_not_see_it(self, summary):
        page = summary(spoken_report())
        assert re.search(r'<svg class="player__wave"[^>]* role="img" aria-label="[^"]+"', page.text)
        assert page.text.count('class="player__lane"') == 7

    def test_nothing_in_the_page_is_styled_or_run_inline(self, summary):
        page = summary(transcribed_report())
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page.text)
        kinds = set(re.findall(r"<script([^>]*)>", page.text))
        assert all("src=" in kind or "application/json" in kind for kind in kinds)


class TestAnotherAnalysis:
    """A typed transcript is analysed while the page still shows what there is."""

    def test_meanwhile_it_says_so_and_follows_it(
        self, app, summary, guest_client, make_answer, guest
    ):
        answer = make_answer(
            guest, report=spoken_report(), text="New words.", recording_key="a-recording"
        )
        with app.app_context():
            report = db.session.query(Report).filter_by(answer_id=answer.id).one()
            report.answer.state = AnswerState.QUEUED
            db.session.commit()
        page = guest_client.get(path(answer))
        assert "being analysed again" in page.text
        assert "data-follow-bar" in page.text
        assert 'id="delivery"' in page.text
        assert re.search(r"<textarea [^>]*disabled>New words\.</textarea>", page.text)

    def test_when_it_failed_the_earlier_summary_stays(self, app, guest_client, make_answer, guest):
        answer = make_answer(guest, report=spoken_report())
        with app.app_context():
            report = db.session.query(Report).filter_by(answer_id=answer.id).one()
            report.answer.state = AnswerState.FAILED
            report.answer.failure = "internal"
            db.session.commit()
        page = guest_client.get(path(answer))
        assert "The last analysis did not succeed" in page.text
        assert 'id="delivery"' in page.text


class TestOthers:
    """Other candidates beside oneself."""

    def test_five_others_are_shown_beside_ones_own_bars(
        self, app, make_user, make_candidate, make_answer, make_prompt, guest_client, guest
    ):
        prompt = make_prompt(modes=("audio",))
        for _ in range(5):
            make_answer(make_candidate(make_user()), report=spoken_report(), prompt=prompt)
        mine = make_answer(guest, report=spoken_report(), prompt=prompt)
        with app.app_context():
            for report in db.session.query(Report):
                peers.add(report)
            db.session.commit()

        page = guest_client.get(path(mine))

        assert "Compared with 5 other people who answered this question" in page.text
        assert page.text.count("Where I stand") == 7 + 7
        assert "Others: 81% on average." in page.text


class TestProgress:
    """Takes beside each other."""

    @pytest.fixture
    def takes(self, guest, make_answer):
        first = make_answer(guest, report=spoken_report())
        louder = spoken_report()
        louder["measures"]["delivery.longest_pause"] = 1.5
        return first, make_answer(guest, report=louder, question_id=first.question_id)

    def test_a_summary_shows_the_takes_of_its_question(self, guest_client, takes):
        page = guest_client.get(path(takes[1]))
        assert re.search(r">Longest pause</th>\s*<td>4\.7 s</td>\s*<td>1\.5 s</td>", page.text)

    def test_the_first_take_has_nothing_to_compare(self, summary):
        assert 'id="takes"' not in summary(spoken_report()).text

    def test_after_the_last_take_none_is_offered(self, app, guest_client, takes):
        with app.app_context():
            db.session.get_one(Answer, takes[1].id).question.revision.max_takes = 2
            db.session.commit()
        assert "Take it again" in guest_client.get(path(takes[0])).text
        last = guest_client.get(path(takes[1])).text
        assert "Take it again" not in last
        assert "This question allows no more takes." in last

    def test_the_progress_page_draws_spoken_answers_by_themselves(
        self, guest, guest_client, make_answer, takes
    ):
        make_answer(guest, report=complete_report())
        page = guest_client.get("/progress").text
        assert "Spoken answers over time" in page
        assert "Longest pause over 2 takes: first 4.7 s, latest 1.5 s." in page
        assert "How your voice may sound, over time" in page
        assert "Written answers over time" not in page
        assert page.count("<td>Spoken</td>") == 2
        assert page.count("<td>Written</td>") == 1
