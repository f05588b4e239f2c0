"""Rates and impact ratios by group, against figures worked out by hand."""

import csv
import io
import json
from datetime import timedelta

import pytest

from interview.columns import now
from interview.extensions import db
from interview.privacy import bias, groups
from interview.privacy.bias import Case
from interview.privacy.commands import cases
from interview.recruiting.models import InvitationState
from tests.support.recruiting import (
    answers_of,
    make_application,
    make_invitation,
    make_organisation,
)
from tests.support.reviewing import make_decision, make_scorecard


def several(count, chosen, sex=None, ethnicity=None, score=None):
    """Return `count` people of a group, the first `chosen` of whom were chosen."""
    return [Case(sex, ethnicity, number < chosen, score) for number in range(count)]


def rows(found, title, measure="selected"):
    table = next(
        table for table in found.tables if (table.title, table.measure) == (title, measure)
    )
    return table, {row.category: row for row in table.rows}


def test_selection_rates_are_divided_by_the_highest():
    # Of 40 men 20 were chosen (0.5), of 60 women 24 (0.4): 0.4 / 0.5 = 0.8.
    cases = [*several(40, 20, "male"), *several(60, 24, "female"), *several(7, 3)]
    table, found = rows(bias.audit("", cases), "Sex")
    assert (found["Male"].rate, found["Male"].impact_ratio) == (0.5, 1.0)
    assert found["Female"].rate == pytest.approx(0.4)
    assert found["Female"].impact_ratio == pytest.approx(0.8)
    assert table.unknown == 7


def test_a_category_under_two_percent_is_left_out_of_the_ratios_and_of_their_base():
    # 1 of 100 is under 2 %; all of it were chosen, yet the others are measured by 30 of 60.
    cases = [
        *several(60, 30, ethnicity="white"),
        *several(39, 13, ethnicity="asian"),
        *several(1, 1, ethnicity="native"),
    ]
    _table, found = rows(bias.audit("", cases), "Race and ethnicity")
    native = found["Native American or Alaska Native"]
    assert (native.rate, native.impact_ratio, native.too_small) == (1.0, None, True)
    assert found["White"].impact_ratio == 1.0
    assert found["Asian"].impact_ratio == pytest.approx((13 / 39) / 0.5)
    nobody = found["Two or more races"]
    assert (nobody.people, nobody.rate, nobody.too_small) == (0, None, False)


def test_exactly_two_percent_is_kept():
    cases = [*several(49, 49, "male"), *several(1, 0, "female")]
    _table, found = rows(bias.audit("", cases), "Sex")
    assert (found["Female"].too_small, found["Female"].impact_ratio) == (False, 0.0)


def test_scoring_rates_count_scores_above_the_median_of_everybody():
    # Scores 1 2 3 4 5, median 3: above it are 4 and 5. Men 2 of 3, women 0 of 1; one unknown.
    scores = [("male", 5.0), ("male", 4.0), ("male", 3.0), ("female", 2.0), (None, 1.0)]
    cases = [Case(sex, None, None, score) for sex, score in scores]
    audit = bias.audit("", cases)
    _table, found = rows(audit, "Sex", "scored above the median")
    assert audit.median == 3.0
    assert (found["Male"].people, found["Male"].succeeded) == (3, 2)
    assert found["Male"].rate == pytest.approx(2 / 3)
    assert found["Female"].impact_ratio == 0.0
    assert audit.undecided == 5
    assert rows(audit, "Sex")[1]["Male"].people == 0


def test_both_groups_together_need_both_to_be_known():
    cases = [
        *several(10, 5, "female", "black"),
        *several(10, 10, "male", "black"),
        *several(10, 1, "female"),
        *several(10, 1, "other", "black"),
    ]
    table, found = rows(bias.audit("", cases), "Intersectional")
    assert found["Black or African American, female"].impact_ratio == 0.5
    assert found["Black or African American, male"].impact_ratio == 1.0
    assert table.unknown == 20
    assert len(table.rows) == 14


def test_where_nobody_was_chosen_there_is_no_ratio():
    _table, found = rows(bias.audit("", several(10, 0, "female")), "Sex")
    assert (found["Female"].rate, found["Female"].impact_ratio) == (0.0, None)


def test_all_forms_hold_the_same_figures():
    audit = bias.audit("Crane operator", [*several(4, 2, "male"), *several(4, 1, "female")])
    lines = list(csv.DictReader(io.StringIO(bias.as_csv(audit))))
    female = next(line for line in lines if line["category"] == "Female")
    assert (female["people"], female["succeeded"], female["rate"]) == ("4", "1", "0.25")
    assert female["impact_ratio"] == "0.5"
    data = json.loads(bias.as_json(audit))
    assert data["tables"][0]["rows"][1]["impact_ratio"] == 0.5
    assert "| Female | 4 | 1 | 25.0 % | 0.50 |" in bias.as_markdown(audit)


@pytest.fixture
def application(app, make_user, make_candidate, make_prompt):
    """The number of an interview: a woman declined, a man chosen after a first no, one waits."""
    rater, people = make_user(), [make_candidate(make_user()) for _ in range(4)]
    prompts = [make_prompt(), make_prompt()]
    with app.app_context():
        application = make_application(make_organisation(), prompts)
        for person, sex in zip(people, ("female", "male", "female", "male"), strict=True):
            groups.save(person, sex, "asian")
        done = {"state": InvitationState.SUBMITTED}
        woman, man, waiting = (make_invitation(application, person) for person in people[:3])
        for invitation in (woman, man, waiting):
            invitation.state = done["state"]
        make_invitation(application, people[3])  # has not handed in
        make_scorecard(woman, rater, [2, 3])
        make_scorecard(man, rater, [4, 5])
        make_decision(woman, rater, "decline")
        make_decision(man, rater, "decline")
        make_decision(man, rater, "next")
        make_decision(waiting, rater, "hold")
        db.session.commit()
        return application.id


def test_the_command_reads_newest_decisions_and_mean_ratings(runner, application):
    done = runner.invoke(args=["audit", "bias", str(application), "--format", "json"])
    assert done.exit_code == 0, done.output
    data = json.loads(done.output)
    assert (data["people"], data["undecided"], data["unrated"]) == (3, 1, 1)
    assert data["median"] == 3.5
    male, female = data["tables"][0]["rows"]
    assert (male["people"], male["succeeded"], female["succeeded"]) == (1, 1, 0)
    scored = data["tables"][3]["rows"]
    assert [row["succeeded"] for row in scored] == [1, 0]


@pytest.mark.parametrize(
    ("is_over", "people"),
    [
        # Handed in one of two, decided with nothing handed in; nothing at all counts never.
        (True, {("female", None), ("male", True)}),
        (False, {("male", True)}),
    ],
)
def test_who_left_some_answers_out_counts_once_the_time_is_over_or_a_decision_is_made(
    app, make_user, make_candidate, make_prompt, is_over, people
):
    rater, candidates = make_user(), [make_candidate() for _ in range(3)]
    prompts = [make_prompt(), make_prompt()]
    with app.app_context():
        deadline = now() + timedelta(days=-1 if is_over else 1)
        application = make_application(make_organisation(), prompts, deadline=deadline)
        for person, sex in zip(candidates, ("female", "male", "other"), strict=True):
            groups.save(person, sex, None)
        part, decided, _silent = (make_invitation(application, person) for person in candidates)
        answers_of(part)[0].submitted_at = now()
        make_decision(decided, rater, "next")
        db.session.commit()
        assert {(case.sex, case.chosen) for case in cases(application.id)} == people


def test_an_interview_that_is_not_there_is_said_to_be_missing(runner, app):
    done = runner.invoke(args=["audit", "bias", "12345"])
    assert done.exit_code == 1
    assert "no application interview 12345" in done.output
