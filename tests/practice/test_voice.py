"""What the summary of a spoken answer says, from report and comparison to finished words."""

import re

import pytest
from flask import Flask
from flask_babel import Babel

from interview.analysis.report import (
    EMOTIONS,
    HISTOGRAM_BINS,
    MEASURES,
    AudioReport,
    Moment,
    ReportError,
)
from interview.peers.services import Comparison, Standing, TermComparison
from interview.practice import advice, timeline, voice, voice_labels
from interview.settings import ROOT
from tests.support.texts import COMPLETE_ANSWER
from tests.support.voices import (
    SECONDS,
    SHARES,
    silent_report,
    spoken_report,
    transcribed_report,
)

NOBODY = Comparison("reference", 0, None, {})
NO_TERMS = TermComparison(
    "reference", 0, None, {"words": (), "pairs": ()}, {"words": (), "pairs": ()}
)


@pytest.fixture(autouse=True)
def english():
    """Words need a language, and nothing else of the application."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def page_of(body, comparison=NOBODY):
    return voice.summary(body, comparison=comparison, terms=NO_TERMS)


def compared(body, scope="prompt", n=40):
    bounds = {measure.key: measure for measure in MEASURES["audio"]}
    return Comparison(
        scope,
        n,
        "candidates" if scope == "prompt" else "actors",
        {
            key: Standing(
                own=value,
                n=n,
                mean=(bounds[key].low + bounds[key].high) / 2,
                sd=(bounds[key].high - bounds[key].low) / 10,
                bins=(n,) + (0,) * (HISTOGRAM_BINS - 1),
                percentile=75.0,
                scope=scope,
            )
            for key, value in body["measures"].items()
        },
    )


class TestFigures:
    """Delivery as observable behaviour."""

    def figures(self, **changes):
        return {figure.key: figure for figure in page_of(spoken_report(**changes)).delivery}

    def test_every_measure_of_delivery_is_shown_and_explained(self):
        figures = self.figures()
        keys = {measure.key for measure in MEASURES["audio"]}
        assert {key for key in figures if key != "fadings"} == {
            key for key in keys if key.startswith("delivery.")
        }
        assert all(figure.about and figure.comfort for figure in figures.values())

    def test_a_range_is_only_claimed_with_its_source(self):
        for figure in self.figures().values():
            assert (figure.verdict is None) or figure.source
            if figure.source is None:
                assert figure.comfort == "There is no agreed range for this."

    @pytest.mark.parametrize(
        ("rate", "said", "usual"),
        [
            (4.3, "Below the usual range", False),
            (4.4, "In the usual range", True),
            (5.9, "In the usual range", True),
            (6.0, "Above the usual range", False),
        ],
    )
    def test_a_pace_is_placed_in_the_range_of_interviews(self, rate, said, usual):
        measures = spoken_report()["measures"] | {"delivery.articulation_rate": rate}
        figure = self.figures(measures=measures)["delivery.articulation_rate"]
        assert (figure.verdict, figure.is_usual) == (said, usual)

    def test_long_pauses_are_named_with_their_times(self):
        pauses = self.figures()["delivery.longest_pause"]
        assert pauses.moments_name == "2 pauses of two seconds or more:"
        assert [(time.clock, time.note) for time in pauses.moments] == [
            ("0:17", "2.6 s"),
            ("0:36", "4.7 s"),
        ]

    def test_trailing_off_is_named_with_its_times(self):
        figure = self.figures()["fadings"]
        assert figure.value == "2 times"
        assert [time.seconds for time in figure.moments] == ["22.40", "42.00"]

    def test_what_could_not_be_measured_is_left_out(self):
        measures = spoken_report()["measures"]
        del measures["delivery.pitch_range"]
        assert "delivery.pitch_range" not in self.figures(measures=measures)

    def test_where_one_stands_is_said_beside_the_figure(self):
        body = spoken_report()
        figure = page_of(body, compared(body)).delivery[0]
        assert figure.average == "5.0 syllables/s"
        assert "30 of 40 others who answered this question" in figure.standing
        assert figure.distribution.table.rows[0] == ("0", "0.5", "40")


class TestEmotions:
    """How a voice may sound, as an estimate."""

    def test_all_seven_stand_in_their_order_with_their_shares(self):
        page = page_of(spoken_report())
        assert [item.key for item in page.emotions] == list(EMOTIONS)
        assert [item.percent for item in page.emotions] == [
            f"{SHARES[name]:.0%}" for name in EMOTIONS
        ]

    def test_calm_is_named_together_with_neutral(self):
        names = {item.key: item.name for item in page_of(spoken_report()).emotions}
        assert names["neutral"] == "Neutral or calm"

    def test_the_bars_and_their_table_hold_the_same_numbers(self):
        body = spoken_report()
        chart = page_of(body, compared(body)).emotions_chart
        values = chart.spec["data"]["values"]
        assert {layer["mark"]["type"] for layer in chart.spec["layer"]} == {"bar", "rule"}
        assert chart.table.rows == tuple(
            (value["label"], f"{value['own']:.0%}", "50%", "10%") for value in values
        )

    def test_reference_recordings_are_not_called_texts(self):
        body = spoken_report()
        page = page_of(body, compared(body, scope="reference"))
        assert "reference recordings" in page.emotions[0].standing
        assert "recordings of actors" in page.who


class TestLimitedReport:
    """Recordings of which little can be said."""

    def test_a_silent_one_says_so_and_shows_no_figures(self):
        page = page_of(silent_report())
        assert page.notices[0].code == "silence"
        assert (page.emotions, page.emotions_chart, page.delivery) == ((), None, ())
        assert (page.suggestions, page.can_advise, page.who) == ((), False, None)
        assert page.player.lanes == ()
        assert [item.mark.width for item in page.player.silences] == ["100.00%"]

    @pytest.mark.parametrize("code", sorted(voice_labels.NOTICES))
    def test_every_notice_says_what_it_is_and_what_to_do(self, code):
        notice = {"code": code, "values": {"seconds": 2.5, "needed": 3.0, "limit": 600}}
        view = page_of(spoken_report(notices=[notice])).notices[0]
        assert all((view.title, view.text, view.advice))

    def test_too_little_speech_is_said_with_its_numbers(self):
        notice = {"code": "too_little_speech", "values": {"seconds": 1.4, "needed": 3}}
        text = page_of(spoken_report(notices=[notice])).notices[0].text
        assert "1.4 seconds" in text
        assert "Under 3 seconds" in text

    def test_noise_takes_the_estimate_and_leaves_the_delivery(self):
        body = spoken_report(scored=False, emotions=None, timeline=[])
        page = page_of(body)
        assert page.emotions == ()
        assert page.delivery
        assert page.player.table is None

    def test_a_body_that_is_no_report_is_refused(self):
        with pytest.raises(ReportError):
            page_of({"mode": "audio"})


class TestTranscript:
    """The words, once they are known."""

    def test_without_one_nothing_is_said_of_words(self):
        page = page_of(spoken_report())
        assert (page.text, page.transcript) == (None, "")

    def test_with_one_the_whole_report_on_the_words_is_there(self):
        page = page_of(transcribed_report())
        assert page.transcript == COMPLETE_ANSWER
        assert page.text.structure.found == 4
        assert page.text.traits
        assert "".join(p.text for s in page.text.marked for p in s.pieces) == COMPLETE_ANSWER

    def test_what_only_makes_sense_in_writing_is_left_out(self):
        keys = {measure.key for measure in page_of(transcribed_report()).text.measures}
        assert "words.count" in keys
        assert not keys & {"style.reading_ease", "style.sentence_length"}


class TestPlayer:
    """The picture of the recording."""

    def test_a_second_without_speech_stays_a_gap(self):
        player = page_of(spoken_report()).player
        said = {start: words for start, _end, words in player.said}
        assert said[38.0] == "no speech"
        assert set(player.table.rows[38][1:]) == {"–"}
        assert len(player.table.rows) == SECONDS

    def test_every_second_with_speech_says_what_leads(self):
        player = page_of(spoken_report()).player
        said = {start: words for start, _end, words in player.said}
        assert said[22.0].startswith("mostly neutral or calm (")

    def test_a_second_in_which_nothing_stands_out_says_so(self):
        even = dict.fromkeys(EMOTIONS, round(1 / 7, 4))
        body = spoken_report(timeline=[{"start": 0.0, "end": 1.0, "emotions": even}])
        assert page_of(body).player.said[0][2] == "nothing clear (highest: angry, 14%)"

    def test_silences_are_marked_and_long_ones_named(self):
        silences = page_of(spoken_report()).player.silences
        assert [item.name for item in silences] == ["", "", "2.6 s", "", "4.7 s", ""]
        assert silences[2].mark.left == f"{100 * 17 / SECONDS:.2f}%"

    def test_what_there_is_to_see_is_said_in_a_sentence(self):
        summary = page_of(spoken_report()).player.summary
        assert "0:48" in summary
        assert "2 pauses of at least two seconds" in summary
        assert "Neutral or calm" in summary


class TestTimeline:
    """The geometry of the picture."""

    def moment(self, second, **shares):
        return Moment(float(second), second + 1.0, shares or None)

    def test_the_waveform_is_mirrored_and_never_vanishes(self):
        assert timeline.waveform((0.0, 1.0)) == "M0 50L0 49L1 0L1 100L0 51Z"

    def test_peaks_outside_their_range_stay_in_the_picture(self):
        assert timeline.waveform((2.0, -1.0)) == "M0 50L0 0L1 49L1 51L0 100Z"

    @pytest.mark.parametrize(("peaks", "top"), [((0.2, 0.1), 15), ((0.02, 0.01), 28)])
    def test_the_loudest_peak_fills_the_height_unless_all_is_faint(self, peaks, top):
        assert f"L1 {top}L" in timeline.waveform(peaks)

    def test_without_peaks_there_is_no_path(self):
        assert timeline.waveform(()) == ""

    def test_each_second_has_a_bar_as_high_as_its_share(self):
        rows = {r.emotion: r for r in timeline.rows([self.moment(2, happy=0.7, sad=0.3)])}
        assert rows["happy"].leading == "M20 100v-70h9v70z"
        assert (rows["sad"].leading, rows["sad"].other) == ("", "M20 100v-30h9v30z")
        assert (rows["fear"].leading, rows["fear"].other) == ("", "")

    def test_a_gap_has_neither_bar_nor_base_line(self):
        rows = timeline.rows([self.moment(0, happy=1.0), self.moment(1), self.moment(2, sad=1.0)])
        assert all(row.base == "M0 100H10M20 100H30" for row in rows)

    def test_of_equal_shares_the_first_in_order_leads(self):
        assert timeline.leading({"sad": 0.5, "fear": 0.5}) == "fear"

    @pytest.mark.parametrize(
        ("duration", "names"),
        [
            (4.0, ["0:00"]),
            (28.0, ["0:00", "0:05", "0:10", "0:15", "0:20", "0:25"]),
            (180.0, ["0:00", "0:30", "1:00", "1:30", "2:00", "2:30"]),
            (7200.0, [f"{minutes}:00" for minutes in range(0, 120, 10)]),
        ],
    )
    def test_the_axis_names_few_round_moments(self, duration, names):
        assert [tick.name for tick in timeline.ticks(duration)] == names

    @pytest.mark.parametrize(("seconds", "said"), [(0, "0:00"), (59.9, "0:59"), (754, "12:34")])
    def test_a_moment_is_written_as_minutes_and_seconds(self, seconds, said):
        assert timeline.clock(seconds) == said


def report_with(delivery=None, **changes):
    body = spoken_report(**changes)
    body["delivery"] |= {"pauses": [], "fadings": []} | (delivery or {})
    return AudioReport.from_dict(body)


def pauses(*lengths):
    return [{"start": 10.0 * i, "end": 10.0 * i + length} for i, length in enumerate(lengths, 1)]


SHORT_RUNS = [{"start": float(start), "end": start + 4.0} for start in range(0, 45, 5)]


class TestAdvice:
    """What to try next, by the published rules."""

    def codes(self, *, delivery=None, **changes):
        changes.setdefault("speech", SHORT_RUNS)
        return [item.code for item in advice.suggest(report_with(delivery, **changes))]

    def test_an_even_answer_leads_to_no_advice(self):
        assert self.codes() == []

    @pytest.mark.parametrize(
        ("lengths", "found"),
        [((2.0, 2.0), False), ((2.0, 2.0, 2.0), True), ((3.9,), False), ((4.0,), True)],
    )
    def test_several_long_pauses_or_a_very_long_one(self, lengths, found):
        assert ("long_pauses" in self.codes(delivery={"pauses": pauses(*lengths)})) is found

    @pytest.mark.parametrize(("rate", "found"), [(5.9, False), (6.0, True), (None, False)])
    def test_words_that_come_fast(self, rate, found):
        assert ("fast" in self.codes(delivery={"articulation_rate": rate})) is found

    @pytest.mark.parametrize(("end", "found"), [(19.9, False), (20.0, True)])
    def test_speech_without_a_breath(self, end, found):
        speech = [{"start": 0.0, "end": 10.0}, {"start": 10.3, "end": end}]
        assert ("long_runs" in self.codes(speech=speech)) is found

    def test_a_breath_ends_a_run(self):
        speech = [{"start": 0.0, "end": 15.0}, {"start": 15.4, "end": 30.0}]
        assert "long_runs" not in self.codes(speech=speech)

    @pytest.mark.parametrize(("count", "found"), [(1, False), (2, True)])
    def test_phrases_that_trail_off(self, count, found):
        fadings = [{"start": 5.0 * i, "end": 5.0 * i + 3, "drop_db": 8.0} for i in range(count)]
        assert ("fading" in self.codes(delivery={"fadings": fadings})) is found

    @pytest.mark.parametrize(("semitones", "found"), [(4.0, False), (3.9, True), (None, False)])
    def test_a_voice_that_stays_on_one_note(self, semitones, found):
        assert ("flat" in self.codes(delivery={"pitch_range_semitones": semitones})) is found

    @pytest.mark.parametrize(("silent", "found"), [(10.0, False), (10.1, True)])
    def test_more_silence_than_speech(self, silent, found):
        delivery = {"speaking_seconds": 10.0, "silent_seconds": silent, "pauses": pauses(1.0)}
        assert ("mostly_silent" in self.codes(delivery=delivery)) is found

    @pytest.mark.parametrize(("start", "found"), [(2.9, False), (3.0, True)])
    def test_a_late_beginning(self, start, found):
        speech = [{"start": start, "end": start + 4}]
        assert ("late_start" in self.codes(speech=speech)) is found

    def test_a_transcript_without_a_result_points_at_the_end(self):
        body = transcribed_report()
        body["text"]["structure"] |= {"result": [], "missing": ["result"]}
        first = advice.suggest(AudioReport.from_dict(body))[0]
        assert (first.code, first.moments) == ("no_result", (37.0,))

    def test_at_most_three_are_made_in_the_order_of_the_rules(self):
        delivery = {
            "pauses": pauses(5.0),
            "articulation_rate": 7.0,
            "pitch_range_semitones": 2.0,
            "fadings": [{"start": float(i), "end": i + 1.0, "drop_db": 8.0} for i in range(3)],
        }
        assert self.codes(delivery=delivery) == ["long_pauses", "fast", "fading"]

    def test_the_moments_are_the_longest_in_the_order_of_the_recording(self):
        report = report_with({"pauses": pauses(2.0, 5.0, 3.0, 2.5, 4.0)}, speech=SHORT_RUNS)
        assert advice.suggest(report)[0].moments == (20.0, 30.0, 40.0, 50.0)

    def test_every_suggestion_names_a_moment_of_the_recording(self):
        for item in page_of(spoken_report()).suggestions:
            assert item.moments
            assert all(0 <= float(time.seconds) <= SECONDS for time in item.moments)

    def test_every_rule_has_its_words(self):
        codes = {rule.__name__.removeprefix("_") for rule in advice.RULES}
        assert codes == set(voice_labels.SUGGESTIONS)

    def test_feelings_never_lead_to_advice(self):
        afraid = dict.fromkeys(EMOTIONS, 0.0) | {"fear": 1.0}
        assert self.codes(emotions=afraid) == self.codes()

    def test_without_speech_there_is_none(self):
        assert advice.suggest(AudioReport.from_dict(silent_report())) == ()


NUMBERS = {"two": 2, "three": 3, "half": 100 * advice.MOSTLY_SILENT}
"""Numbers that the page writes as words."""


class TestPublishedRules:
    """docs/audio-analysis.md says what the rules and ranges are."""

    def rows(self, heading):
        text = (ROOT / "docs" / "audio-analysis.md").read_text(encoding="utf-8")
        section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        lines = (line.strip("| ").split(" | ") for line in section.splitlines() if "|" in line)
        return {cells[0]: cells[1:] for cells in lines}

    @pytest.mark.parametrize(
        ("rule", "numbers"),
        [
            (
                "long pauses",
                (advice.FEWEST_LONG_PAUSES, advice.LONG_PAUSE, advice.VERY_LONG_PAUSE),
            ),
            ("fast", (advice.FAST,)),
            ("long runs", (advice.LONG_RUN, advice.BREATH)),
            ("trailing off", (advice.FEWEST_FADINGS,)),
            ("flat", (advice.FLAT,)),
            ("mostly silent", (100 * advice.MOSTLY_SILENT,)),
            ("late start", (advice.LATE_START,)),
        ],
    )
    def test_a_rule_is_published_with_its_numbers(self, rule, numbers):
        said = " ".join(self.rows("What to try next")[rule])
        found = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", said)}
        found |= {number for word, number in NUMBERS.items() if word in said.split()}
        assert {float(number) for number in numbers} <= found

    def test_the_order_of_the_rules_is_the_published_one(self):
        published = [rule for rule in self.rows("What to try next") if not rule.startswith("-")][1:]
        rules = [rule.__name__.strip("_").replace("_", " ") for rule in advice.RULES]
        assert published == ["trailing off" if rule == "fading" else rule for rule in rules]

    @pytest.mark.parametrize("key", ["delivery.speech_rate", "delivery.articulation_rate"])
    def test_a_usual_range_is_published_with_its_source(self, key):
        comfort = voice_labels.COMFORT[key]
        usual, source = self.rows("What is usual")[str(voice_labels.DELIVERY[key].name)]
        assert usual.startswith(f"{comfort.low}–{comfort.high} syllables per second")
        assert source == comfort.source
