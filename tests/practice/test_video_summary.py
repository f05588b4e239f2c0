"""The summary of an answer before a camera as its candidate sees it, from stored reports."""

import re

import pytest
from werkzeug.test import TestResponse

from interview.accounts.models import Candidate
from interview.extensions import db
from interview.peers import services as peers
from interview.practice.models import Answer
from interview.privacy import services as erasing
from tests.support.films import video_report
from tests.support.reports import complete_report
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import silent_report

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NO_PICTURE = {
    "notices": [{"code": "no_picture", "values": {}}],
    **dict.fromkeys(
        ("picture", "presence", "face_emotions", "smile", "gaze", "movement", "framing", "light")
    ),
    "faces": [],
    "key_moments": [],
    "timeline": [],
}


@pytest.fixture
def summary(guest, guest_client, make_answer):
    """`summary(body, …)` returns the page of an answer with this report."""

    def show(body, **values) -> TestResponse:
        values.setdefault("text", body["voice"]["transcript"] or "")
        values.setdefault("recording_key", "a-recording")
        answer = make_answer(guest, report=body, **values)
        page = guest_client.get(f"/answers/{answer.id}")
        assert page.status_code == 200
        return page

    return show


def sections(page: TestResponse) -> list[str]:
    return re.findall(r'<section id="([a-z]+)"', page.text)


class TestPage:
    """What stands where."""

    def test_everything_seen_and_heard_has_its_place(self, summary):
        assert sections(summary(video_report())) == [
            *("listen", "try", "camera", "delivery", "moments", "emotions", "transcript", "next"),
        ]

    def test_with_a_transcript_the_whole_report_on_the_words_follows(self, summary):
        page = summary(video_report(COMPLETE_ANSWER))
        assert sections(page)[7:] == [
            *("structure", "style", "words", "traits", "impression", "next"),
        ]

    def test_without_a_picture_the_voice_remains_and_it_says_so(self, summary):
        page = summary(video_report(**NO_PICTURE))
        assert "camera" not in sections(page)
        assert "delivery" in sections(page)
        assert 'data-notice="no_picture"' in page.text

    def test_without_sound_the_face_remains_and_it_says_so(self, summary):
        silent = silent_report() | {"notices": [{"code": "no_sound", "values": {}}]}
        page = summary(video_report(voice=silent))
        assert "delivery" not in sections(page)
        assert "camera" in sections(page)
        assert "There is no sound in this video" in page.text

    @pytest.mark.parametrize(
        ("code", "values", "words"),
        [
            ("no_face", {}, "No face was found"),
            ("too_little_face", {"seconds": 1.2, "needed": 3.0}, "seen for 1.2 seconds"),
            ("several_faces", {"seconds": 2.5}, "More than one face"),
            ("too_dark", {}, "too dark"),
            ("very_short", {"seconds": 2.0, "needed": 3.0}, "It lasts 2.0 seconds"),
        ],
    )
    def test_what_limits_the_report_is_said_clearly(self, summary, code, values, words):
        page = summary(video_report(notices=[{"code": code, "values": values}]))
        assert words in page.text[: page.text.index('id="listen"')]

    def test_nothing_in_the_page_is_styled_or_run_inline(self, summary):
        page = summary(video_report(COMPLETE_ANSWER))
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page.text)
        kinds = set(re.findall(r"<script([^>]*)>", page.text))
        assert all("src=" in kind or "application/json" in kind for kind in kinds)

    def test_every_link_and_pattern_within_the_page_has_its_place(self, summary):
        page = summary(video_report(COMPLETE_ANSWER))
        ids = re.findall(r' id="([^"]+)"', page.text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', page.text)) <= set(ids)
        assert set(re.findall(r"url\(#([^)]+)\)", page.text)) <= set(ids)

    def test_the_estimate_is_called_one_and_its_accuracy_is_a_step_away(self, summary):
        page = summary(video_report())
        emotions = page.text[page.text.index('id="emotions"') :]
        assert "shown to you alone and leads to no advice" in emotions
        assert 'href="/models/faces"' in emotions
        assert "The face counts for 58% of it and the voice for 42%" in emotions


class TestPlayer:
    """The film and its tracks."""

    def test_it_plays_the_film_and_the_policy_lets_it(self, summary):
        page = summary(video_report())
        film = r'<video [^>]*controls[^>]* src="/answers/[0-9a-f-]+/recording"'
        assert re.search(film, page.text)
        assert "media-src 'self'" in page.headers["Content-Security-Policy"]

    def test_three_tracks_of_emotions_and_what_the_face_does_lie_under_each_other(self, summary):
        page = summary(video_report()).text
        names = page[page.index("player__names") : page.index("player__lanes")]
        assert re.findall(r"<li>(.*?)</li>", names) == [
            *("Together", "Face", "Voice", "Smile", "To camera", "In view"),
        ]

    def test_all_that_is_drawn_is_also_a_table(self, summary):
        page = summary(video_report()).text
        row = r'<th scope="row">0:13</th>' + r'<td class="number">([^<]*)</td>' * 6
        assert re.search(row, page).groups()[4:] == ("0%", "100%")
        assert page.count(", as a table</summary>") == 3


class TestKeyMoments:
    """The clearest frame of each emotion."""

    def test_each_has_its_pictures_a_time_and_words_for_those_who_do_not_see_them(self, summary):
        page = summary(video_report())
        moments = page.text[page.text.index('id="moments"') : page.text.index('id="emotions"')]
        assert re.findall(r"<h3>(.*?)</h3>", moments) == [
            *("Neutral or calm, 81%", "Surprised, 52%", "Happy, 93%"),
        ]
        assert moments.count('src="data:image/png;base64,') == 9
        assert 'alt="Your face at 0:44, in grey"' in moments
        assert re.search(r'href="/answers/[0-9a-f-]+/recording#t=44\.25"', moments)


def happy(face: float, voice: float) -> dict:
    """Return a report of which face and voice look and sound this happy."""
    body = video_report()
    body["measures"] |= {"face.happy": face, "emotion.happy": voice}
    body["face_emotions"]["happy"], body["voice"]["emotions"]["happy"] = face, voice
    return body


def part(page: str, source: str) -> str:
    """Return what a page says of the face alone or the voice alone."""
    return page.split(f'data-alone="{source}"')[1].split("data-alone=")[0].split("</section>")[0]


def others_average(page: str, source: str) -> tuple[str, str]:
    """Return one's own joy and the others', of the face alone or the voice alone."""
    row = (
        r'<th scope="row">Happy</th><td class="number">([^<]+)</td><td class="number">([^<]+)</td>'
    )
    return re.search(row, part(page, source)).groups()


class TestOthers:
    """Other candidates, and oneself before."""

    @pytest.fixture
    def prompt(self, make_prompt):
        """The question that everybody answers."""
        return make_prompt(modes=("video",))

    @pytest.fixture
    def others(self, app, make_user, make_candidate, make_answer, prompt):
        """`others(body, …)` counts the answer of another candidate for each report."""

        def count(*bodies) -> list[Answer]:
            answers = [
                make_answer(make_candidate(make_user()), report=body, prompt=prompt)
                for body in bodies
            ]
            with app.app_context():
                for answer in answers:
                    peers.add(db.session.get_one(Answer, answer.id).report)
                db.session.commit()
            return answers

        return count

    @pytest.fixture
    def page_of(self, guest, guest_client, make_answer, prompt):
        """`page_of(body)` returns the page of a guest's answer with this report."""

        def show(body) -> str:
            mine = make_answer(guest, report=body, prompt=prompt)
            return guest_client.get(f"/answers/{mine.id}").text

        return show

    def test_five_others_are_shown_beside_ones_own_measures(self, others, page_of):
        others(*[video_report()] * 5)
        page = page_of(video_report())
        assert "Compared with 5 other people who answered this question" in page
        assert page.count("Where I stand") == 3 + 7 + 7 + 2 * 7

    def test_face_and_voice_are_also_compared_by_themselves(self, others, page_of):
        others(*[happy(face=0.1, voice=0.2)] * 5)
        page = page_of(happy(face=0.3, voice=0.4))
        assert others_average(page, "face") == ("30%", "10%")
        assert others_average(page, "voice") == ("40%", "20%")
        for source in ("face", "voice"):
            alone = part(page, source)
            assert len(re.findall("Numbers as a table", alone)) == 1 + 7
            assert "Higher than nearly all others who answered this question" in alone

    def test_an_erased_answer_leaves_the_averages_of_face_and_voice(
        self, app, others, page_of, guest
    ):
        kept = [happy(face=0.1, voice=0.2)] * 5
        last = others(*kept, happy(face=0.7, voice=0.8))[-1]
        mine = happy(face=0.3, voice=0.4)
        assert others_average(page_of(mine), "face") == ("30%", "20%")
        with app.app_context():
            owner = db.session.get_one(Candidate, last.candidate_id)
            erasing.erase_answer(owner, last.id)
        page = page_of(mine)
        assert others_average(page, "face") == ("30%", "10%")
        assert others_average(page, "voice") == ("40%", "20%")

    def test_older_answers_without_these_figures_are_left_out_of_them(self, others, page_of):
        older = video_report()
        older["measures"] = {
            key: value
            for key, value in older["measures"].items()
            if not key.startswith(("face.", "emotion."))
        }
        others(*[older] * 5, happy(face=0.1, voice=0.2))
        newer = page_of(happy(face=0.3, voice=0.4))
        assert 'data-alone="face"' not in newer
        assert "reference recordings" in part(newer, "voice")  # until five others are known
        page = page_of(older)
        assert "data-alone" not in page
        assert "How face and voice may come across, beside the others’" in page

    def test_of_a_face_without_a_voice_only_the_face_is_compared(self, others, page_of):
        others(*[happy(face=0.1, voice=0.2)] * 5)
        silent = silent_report() | {"notices": [{"code": "no_sound", "values": {}}]}
        page = page_of(video_report(voice=silent))
        assert re.findall(r'data-alone="(\w+)"', page) == ["face"]

    def test_takes_stand_beside_each_other_and_over_time(self, guest, guest_client, make_answer):
        first = make_answer(guest, report=video_report())
        better = video_report()
        better["measures"]["camera.looking_share"] = 0.91
        second = make_answer(guest, report=better, question_id=first.question_id)
        make_answer(guest, report=complete_report())
        beside = guest_client.get(f"/answers/{second.id}").text
        looking = r">Looking towards the camera</th>\s*<td>82%</td>\s*<td>91%</td>"
        assert re.search(looking, beside)
        over_time = guest_client.get("/progress").text
        assert "Answers before the camera over time" in over_time
        assert "Looking towards the camera over 2 takes: first 82%, latest 91%." in over_time
        assert "How face and voice may come across, over time" in over_time
        assert over_time.count("<td>Filmed</td>") == 2
