"""What the summary and the progress page say, from reports and comparisons to finished words."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from flask import Flask
from flask_babel import Babel

from interview.analysis.report import HISTOGRAM_BINS, MEASURES, TRAITS
from interview.analysis.text.pipeline import analyse_text
from interview.peers.services import (
    CommonTerm,
    Comparison,
    OwnTerm,
    Standing,
    TermComparison,
)
from interview.practice import labels, presenter
from interview.practice.models import Answer, AnswerState, Interview, Question, Report, Step
from interview.questions.models import PromptRevision
from tests.support.model import FakeTextModel
from tests.support.texts import COMPLETE_ANSWER, SHORT_ANSWER, SPANISH_ANSWER

WITH_FILLERS = COMPLETE_ANSWER.replace("I decided", "Basically, I decided")
WORDS = len(COMPLETE_ANSWER.split())
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


@cache
def report_on(text):
    return analyse_text(text, model=FakeTextModel())


def summary_of(text, comparison=NOBODY, terms=NO_TERMS):
    return presenter.summary(
        report_on(text).to_dict(), text=text, comparison=comparison, terms=terms
    )


def compared(text, *, scope="prompt", n=40, percentile=75.0, population="candidates"):
    """Compare a text's measures with others whose mean is in the middle of each range."""
    own = report_on(text).measures
    bounds = {measure.key: measure for measure in MEASURES["text"]}
    bins = (n,) + (0,) * (HISTOGRAM_BINS - 1)
    standings = {
        key: Standing(
            own=value,
            n=n,
            mean=(bounds[key].low + bounds[key].high) / 2,
            sd=(bounds[key].high - bounds[key].low) / 10,
            bins=bins,
            percentile=percentile,
            scope=scope,
        )
        for key, value in own.items()
    }
    return Comparison(scope, n, population, standings)


def terms_with(own, others, population="candidates"):
    return TermComparison(
        "prompt",
        40,
        population,
        {"words": own, "pairs": ()},
        {"words": others, "pairs": ()},
    )


class TestFullReport:
    """An English answer of good length."""

    def test_the_five_traits_stand_in_their_order_as_estimates(self):
        page = summary_of(COMPLETE_ANSWER)
        report = report_on(COMPLETE_ANSWER)

        assert page.scored
        assert [trait.key for trait in page.traits] == list(TRAITS)
        for trait in page.traits:
            assert trait.percent == f"{report.traits[trait.key].probability:.0%}"
            assert trait.band == labels.band(report.traits[trait.key].probability)

    def test_the_chart_and_its_table_hold_the_same_numbers(self):
        page = summary_of(COMPLETE_ANSWER, compared(COMPLETE_ANSWER))
        chart = page.traits_chart

        values = chart.spec["data"]["values"]
        assert chart.table.rows == tuple(
            (value["label"], f"{value['own']:.0%}", f"{value['mean']:.0%}", "10%")
            for value in values
        )

    def test_the_parts_point_at_their_sentences(self):
        page = summary_of(COMPLETE_ANSWER)
        report = report_on(COMPLETE_ANSWER)

        assert page.structure.found == 4 - len(report.structure.missing)
        for part in page.structure.parts:
            found = getattr(report.structure, part.key)
            assert part.sentences == tuple(index + 1 for index in found)
            assert part.is_present == (part.key not in report.structure.missing)

    def test_the_marked_text_is_the_text(self):
        page = summary_of(WITH_FILLERS)
        pieces = [piece for sentence in page.marked for piece in sentence.pieces]

        assert "".join(piece.text for piece in pieces) == WITH_FILLERS
        assert [piece.text for piece in pieces if piece.is_filler] == ["Basically", "honestly"]
        numbers = [sentence.number for sentence in page.marked if sentence.number]
        assert numbers == list(range(1, len(report_on(WITH_FILLERS).sentences) + 1))

    def test_a_sentence_that_tells_a_part_carries_it(self):
        page = summary_of(COMPLETE_ANSWER)
        marked = {s.number: {part.key for part in s.parts} for s in page.marked if s.number}
        for part in page.structure.parts:
            for number in part.sentences:
                assert part.key in marked[number]

    def test_another_text_than_the_analysed_one_is_not_marked(self):
        page = presenter.summary(
            report_on(COMPLETE_ANSWER).to_dict(),
            text="Shorter.",
            comparison=NOBODY,
            terms=NO_TERMS,
        )
        assert page.marked is None

    def test_every_measure_of_style_is_explained(self):
        page = summary_of(COMPLETE_ANSWER)
        assert {measure.key for measure in page.measures} == set(labels.MEASURES)
        assert all(measure.about for measure in page.measures)
        length = page.measures[0]
        assert (length.name, length.value) == ("Length", f"{WORDS} words")

    def test_a_body_that_is_no_report_is_refused(self):
        with pytest.raises(ValueError, match="keys differ"):
            presenter.summary({"mode": "text"}, text="", comparison=NOBODY, terms=NO_TERMS)


class TestWording:
    """Estimates are said as estimates."""

    @pytest.mark.parametrize(
        ("probability", "words"),
        [
            (0.0, "unlikely"),
            (0.3, "somewhat less likely than not"),
            (0.5, "about as likely as not"),
            (0.58, "somewhat more likely than not"),
            (1.0, "likely"),
        ],
    )
    def test_a_probability_has_words(self, probability, words):
        assert labels.band(probability) == words

    @pytest.mark.parametrize(
        ("probability", "said"),
        [(0.7, "often worried"), (0.3, "calm"), (0.5, "neither way")],
    )
    def test_a_trait_is_a_likeness_never_a_verdict(self, probability, said):
        body = report_on(COMPLETE_ANSWER).to_dict()
        body["traits"]["neuroticism"]["probability"] = probability
        page = presenter.summary(body, text=COMPLETE_ANSWER, comparison=NOBODY, terms=NO_TERMS)
        likeness = page.traits[-1].likeness
        assert said in likeness
        assert "you are" not in likeness.lower()


class TestLimitedReport:
    """Answers that cannot be judged."""

    @pytest.mark.parametrize(
        ("text", "code", "said"),
        [
            (SHORT_ANSWER, "too_short", "16 words"),
            (SPANISH_ANSWER, "not_english", "English"),
            ("asdf jkl qwer zxcv " * 20, "nonsense", "no estimate"),
            ("", "empty", "nothing to analyse"),
        ],
    )
    def test_it_says_why_and_what_to_do_and_shows_no_scores(self, text, code, said):
        page = summary_of(text)
        notice = page.notices[0]

        assert not page.scored
        assert (page.traits, page.traits_chart) == ((), None)
        assert (page.impressions, page.impressions_chart) == ((), None)
        assert notice.code == code
        assert said in notice.text
        assert notice.advice

    def test_a_short_english_answer_still_shows_its_parts_and_style(self):
        page = summary_of(SHORT_ANSWER)
        assert page.structure is not None
        shown = {measure.key: measure.value for measure in page.measures}
        assert shown["words.count"] == "16 words"

    def test_a_notice_that_is_not_known_yet_is_said_in_general(self):
        body = report_on(COMPLETE_ANSWER).to_dict()
        body["notices"] = [{"code": "new_kind", "values": {}}]
        page = presenter.summary(body, text=COMPLETE_ANSWER, comparison=NOBODY, terms=NO_TERMS)
        assert page.notices[0].title


class TestOthers:
    """Who the others are, and where one stands."""

    def test_without_anybody_it_says_so_and_draws_oneself_alone(self):
        page = summary_of(COMPLETE_ANSWER)
        assert "nobody to compare" in page.who
        assert all(trait.standing is None for trait in page.traits)
        assert len(page.traits_chart.table.columns) == 2
        assert page.measures[0].distribution is None

    @pytest.mark.parametrize(
        ("scope", "n", "population", "said"),
        [
            ("prompt", 7, "candidates", "7 other people who answered this question"),
            ("mode", 12, "candidates", "12 other people and all the questions"),
            ("reference", 2000, "essays", "2,000 students"),
        ],
    )
    def test_who_is_compared_is_said_plainly(self, scope, n, population, said):
        page = summary_of(
            COMPLETE_ANSWER, compared(COMPLETE_ANSWER, scope=scope, n=n, population=population)
        )
        assert said in page.who

    @pytest.mark.parametrize(
        ("scope", "n", "percentile", "said"),
        [
            ("prompt", 5, 60.0, "about 3 of 5 others who answered this question"),
            ("mode", 250, 75.4, "about 75 of 100 others who practise here"),
            ("reference", 2000, 0.2, "Lower than nearly all reference texts"),
            ("prompt", 20, 99.0, "Higher than nearly all others who answered"),
        ],
    )
    def test_where_one_stands_is_a_sentence(self, scope, n, percentile, said):
        standing = Standing(0.5, n, 0.5, 0.1, (n,) + (0,) * 19, percentile, scope)
        assert said in presenter.standing_text(standing)

    def test_the_distribution_shows_every_bin_and_ones_own_place(self):
        page = summary_of(COMPLETE_ANSWER, compared(COMPLETE_ANSWER))
        for view in (*page.traits, *page.measures):
            values = view.distribution.spec["data"]["values"]
            counts = [int(row[-1]) for row in view.distribution.table.rows]
            assert [value["count"] for value in values] == counts
            assert sum(counts) == 40
        place = page.measures[0].distribution.spec["layer"][1]["data"]["values"]
        assert place == [{"own": float(WORDS)}]


class TestTerms:
    """My words beside the others'."""

    def test_own_words_show_their_count_and_the_others_share(self):
        terms = terms_with(
            (OwnTerm("guest", 2, 0.25), OwnTerm("card", 2, None)),
            (CommonTerm("team", 0.5), CommonTerm("guest", 0.25)),
        )
        page = summary_of(COMPLETE_ANSWER, compared(COMPLETE_ANSWER), terms)
        own, others = page.words

        assert [row[1:] for row in own.table.rows] == [("2", "25%"), ("2", "fewer than five")]
        assert others.table.rows == (("team", "50%", "0"), ("guest", "25%", "2"))
        labelled = [value["label"] for value in others.spec["data"]["values"]]
        assert labelled == ["team", "guest ✓"]

    def test_own_words_are_written_as_the_writer_did(self):
        report = report_on(COMPLETE_ANSWER)
        top = report.words.top[0]
        changed = replace(
            report,
            words=replace(report.words, top=(replace(top, word="guest", form="guests"),)),
        )
        page = presenter.summary(
            changed.to_dict(),
            text=COMPLETE_ANSWER,
            comparison=NOBODY,
            terms=terms_with((OwnTerm("guest", 2, None),), (), population=None),
        )
        assert page.words[0].table.rows == (("guests", "2"),)


class TestFailures:
    """Why something failed, and what a worker does."""

    def test_nothing_failed(self):
        assert presenter.failure(None, None) is None

    def test_every_document_error_has_its_own_words(self):
        from interview.analysis.text.documents import DOCUMENT_ERRORS

        said = {presenter.failure(code, {"limit": 10}) for code in DOCUMENT_ERRORS}
        assert len(said) == len(DOCUMENT_ERRORS)
        assert presenter.failure("internal", {}) not in said

    def test_limits_are_said_in_units_that_people_use(self):
        assert "10 MB" in presenter.failure("too_large", {"limit": 10 * 1024**2})
        assert "60,000 characters" in presenter.failure("too_long", {"limit": 60000})
        assert "30 pages" in presenter.failure("too_many_pages", {"limit": 30})

    def test_an_unknown_cause_is_our_mistake(self):
        assert presenter.failure("novel", {}) == presenter.failure("internal", {})

    def test_every_step_of_the_analysis_has_a_name(self):
        from interview.analysis.text.pipeline import STEPS

        assert set(STEPS) <= set(labels.STEPS)
        assert presenter.step_label(None) == "Waiting for its turn"
        assert presenter.step_label("novel") == "Working on it"

    def test_every_cause_of_an_unusable_recording_has_its_own_words(self):
        from interview.analysis.decode import MEDIA_ERRORS

        said = {presenter.failure(f"recording_{code}", {"limit": 60}) for code in MEDIA_ERRORS}
        assert len(said) == len(MEDIA_ERRORS)
        assert presenter.failure("internal", {}) not in said

    def test_every_step_of_listening_has_a_name(self):
        from interview.analysis.audio.pipeline import STEPS

        keys = {step.key for step in presenter.steps(self.waiting("audio"))}
        assert set(STEPS) <= keys
        assert all(presenter.step_label(step) != "Working on it" for step in STEPS)

    def waiting(self, mode, **values):
        question = Question(position=1, interview=Interview(mode=mode))
        return Answer(step=Step.ANALYSE, question=question, **values)

    def test_steps_before_the_present_one_are_done(self):
        answer = self.waiting("text", progress_step="style")
        states = {step.key: step.state for step in presenter.steps(answer)}
        assert states["words"] == "done"
        assert states["style"] == "current"
        assert states["traits"] == "waiting"
        assert "extract" not in states


class TestProgress:
    """The history of takes."""

    def take(self, text, *, prompt_id=1, day=0, state=AnswerState.ANALYSED, body=None):
        revision = PromptRevision(
            prompt_id=prompt_id, competency="teamwork", text=f"Question {prompt_id}?"
        )
        question = Question(position=1, revision=revision, interview=Interview())
        answer = Answer(
            id=uuid.uuid4(),
            question=question,
            take=day + 1,
            state=state,
            text=text,
            created_at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=day),
        )
        if state == AnswerState.ANALYSED:
            answer.reports = [Report(body=body or report_on(text).to_dict())]
        return answer

    def test_without_takes_there_is_nothing(self):
        page = presenter.progress([])
        assert (page.takes, page.charts, page.prompts, page.traits_chart) == ((), (), (), None)

    def test_drafts_are_listed_but_not_drawn(self):
        page = presenter.progress(
            [self.take("", state=AnswerState.DRAFT, day=1), self.take(COMPLETE_ANSWER)]
        )
        assert [take.state for take in page.takes] == ["Draft", "Done"]
        assert [take.length for take in page.takes] == ["–", f"{WORDS} words"]
        assert page.charts == ()

    def test_two_takes_are_drawn_oldest_first_with_the_numbers_of_the_table(self):
        page = presenter.progress(
            [self.take(WITH_FILLERS, day=1), self.take(COMPLETE_ANSWER, day=0)]
        )
        length = next(chart for chart in page.charts if chart.title == "Length")
        assert [row[1] for row in length.table.rows] == [f"{WORDS} words", f"{WORDS + 1} words"]
        assert [value["value"] for value in length.spec["data"]["values"]] == [WORDS, WORDS + 1]
        assert len(page.traits_chart.table.rows) == 2

    def test_takes_of_one_question_stand_beside_each_other(self):
        page = presenter.progress(
            [
                self.take(WITH_FILLERS, day=2),
                self.take(COMPLETE_ANSWER, day=1, prompt_id=2),
                self.take(COMPLETE_ANSWER, day=0),
            ]
        )
        assert [prompt.question for prompt in page.prompts] == ["Question 1?"]
        assert ("Length", (f"{WORDS} words", f"{WORDS + 1} words")) in page.prompts[0].rows

    def test_a_damaged_report_does_not_take_the_page_away(self):
        page = presenter.progress([self.take(COMPLETE_ANSWER, body={"mode": "text"})])
        assert page.takes[0].report is None
