import csv
import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from interview.analysis.report import HISTOGRAM_BINS, MEASURES
from interview.analysis.text.bigfive import BigFiveModel, ModelError
from interview.training.text.corpus import count_clips, count_essays
from interview.training.text.crossval import Checkpoint, cross_validate_traits
from interview.training.text.data import (
    DataError,
    fingerprint,
    folds,
    read_essays,
    read_impressions,
)
from interview.training.text.evaluate import evaluate
from interview.training.text.heads import Settings, fit_traits
from interview.training.text.plan import Plan
from interview.training.text.shipping import train

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
TINY = Settings(
    seed=3,
    fold_count=3,
    token_minimum=2,
    spelling_minimum=5,
    axes=6,
    letters_minimum=5,
    landmarks=20,
    lengths=(),
)


def quiet(_):
    pass


def clips_of(data, folder):
    clips = read_impressions(data)
    return count_clips(clips, TINY, Checkpoint(folder / "clips", clips, TINY), quiet)


def test_a_group_lies_in_one_fold_and_folds_are_even():
    groups = [f"video{number % 37}" for number in range(200)]
    fold = folds(groups, seed=1, count=10)
    assert all(len({fold[i] for i, g in enumerate(groups) if g == name}) == 1 for name in groups)
    names_in = [len({g for g, f in zip(groups, fold, strict=True) if f == k}) for k in range(10)]
    assert max(names_in) - min(names_in) <= 1


def test_folds_depend_on_the_seed_only():
    groups = [str(number) for number in range(50)]
    assert (folds(groups, 1) == folds(groups, 1)).all()
    assert (folds(groups, 1) != folds(groups, 2)).any()


def test_too_few_groups_for_the_folds_are_refused():
    with pytest.raises(DataError, match="3 groups"):
        folds(["a", "b", "c"], 0, 10)


def test_missing_data_are_named(tmp_path):
    with pytest.raises(DataError, match=r"essays\.csv does not exist"):
        read_essays(tmp_path)


def test_labels_that_are_no_classes_are_refused(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "essays.csv").write_text("id,text,ext\na,b,0.5\n")
    with pytest.raises(DataError, match="0 or 1"):
        read_essays(tmp_path)


def test_the_model_finds_what_the_texts_say(trained):
    assert trained.card["traits"]["mean_accuracy"] > 0.8
    assert trained.card["impressions"]["pearson_r"] > 0.3


def test_held_out_scores_do_not_depend_on_held_out_labels(data, tmp_path):
    """Turning the labels of one fold around changes no score of that fold."""
    essays = read_essays(data)
    fold = folds(essays.groups, TINY.seed, TINY.fold_count)
    turned = essays.labels.copy()
    turned[fold == 1] = 1 - turned[fold == 1]
    scores = []
    for name, labels in (("first", essays.labels), ("second", turned)):
        one = type(essays)(essays.ids, essays.texts, labels, essays.groups, essays.names)
        checkpoint = Checkpoint(tmp_path / name, one, TINY)
        counted = count_essays(one, TINY, checkpoint, quiet, clips_of(data, tmp_path)).counted
        found, _ = cross_validate_traits(one, counted, TINY, checkpoint, quiet, TINY.seed)
        scores.append(found["0"]["shipped"])
    assert np.array_equal(scores[0][fold == 1], scores[1][fold == 1])
    assert not np.allclose(scores[0][fold != 1], scores[1][fold != 1])


def test_terms_axes_and_style_are_fitted_on_the_given_texts_only(data, tmp_path):
    essays = read_essays(data)
    checkpoint = Checkpoint(tmp_path, essays, TINY)
    clips = clips_of(data, tmp_path)
    counted = count_essays(essays, TINY, checkpoint, quiet, clips).counted[0]
    train = np.arange(40)
    head = fit_traits(counted.rows(train), essays.labels[train], TINY)
    frequency = (counted.tokens[train].toarray() > 0).sum(0)
    assert (frequency[head.tokens.columns] >= TINY.token_minimum).all()
    assert len(head.by_style.support) == len(train)


def test_a_run_resumes_from_its_checkpoints(data, trained, tmp_path):
    logged = []
    from_checkpoints = train(
        data,
        tmp_path / "again",
        plan=_plan_of(trained),
        checkpoints=trained.checkpoints,
        log=logged.append,
    )
    assert any("traits-manner-3-0" in line for line in trained.log)
    assert not any("traits-manner-3-0" in line for line in logged)
    assert from_checkpoints["traits"] == trained.card["traits"]


def test_checkpoints_of_other_settings_are_not_read(data, trained, tmp_path):
    essays = read_essays(data)
    checkpoint = Checkpoint(trained.checkpoints, essays, Settings(seed=99))
    assert checkpoint.run("traits-manner-3-0", lambda: {"fresh": np.ones(1)}, quiet)["fresh"] == 1


def test_the_card_says_what_the_run_found(trained):
    card = json.loads((trained.folder / "card.json").read_text())
    run = json.loads((trained.folder / "run.json").read_text())
    assert run["results"] == card
    text_of_card = (trained.folder / "MODEL_CARD.md").read_text()
    assert f"{100 * card['traits']['mean_accuracy']:.1f} %" in text_of_card
    assert f"{card['impressions']['pearson_r']:.3f}" in text_of_card
    assert (trained.folder / "calibration.svg").stat().st_size > 1000


def test_the_folder_holds_no_training_text_or_id(data, trained):
    essays = read_essays(data)
    for path in trained.folder.iterdir():
        content = path.read_bytes()
        assert essays.texts[0][:40].encode() not in content
        assert b"essay17" not in content


def test_norms_cover_the_measures(trained):
    norms = json.loads((trained.folder / "norms.json").read_text())
    known = {measure.key for measure in MEASURES["text"]}
    scored = {key for key in known if key.startswith(("big_five.", "impression."))}
    assert scored <= set(norms["measures"]) <= known
    for norm in norms["measures"].values():
        assert len(norm["bins"]) == HISTOGRAM_BINS
        assert sum(norm["bins"]) == norm["n"]
    assert norms["words"]["n_texts"] == 60
    assert all(0 < share <= 1 for share in norms["words"]["share"].values())


def test_evaluation_says_when_it_scores_training_texts(data, trained):
    result = evaluate(data, "essays", trained.folder.parent)
    assert result["trained_on"] is True
    assert result["n"] == 60
    assert set(result["traits"]) == set(
        BigFiveModel.load(trained.folder).predict(["a b"])[0].traits
    )
    assert result["mean_accuracy"] == pytest.approx(
        np.mean([block["accuracy"] for block in result["traits"].values()])
    )
    assert result["models"].keys() == {"words", "style", "topics", "joint"}
    json.dumps(result)


def test_evaluation_leaves_out_missing_labels_and_columns(data, trained, tmp_path):
    source = (data / "text" / "essays.csv").read_text().splitlines()
    (tmp_path / "text").mkdir()
    rows = [line.split(",") for line in source[:21]]
    kept = [",".join(["new" + row[0] if i else row[0], *row[1:4]]) for i, row in enumerate(rows)]
    kept[1] = kept[1].rsplit(",", 1)[0] + ","
    (tmp_path / "text" / "essays.csv").write_text("\n".join(kept) + "\n")
    result = evaluate(tmp_path, "essays", trained.folder)
    assert set(result["traits"]) == {"extraversion", "neuroticism"}
    assert result["skipped"]["neuroticism"] == 1
    assert result["skipped"]["openness"] == 20
    assert result["trained_on"] is False


def test_impressions_are_evaluated_as_ratings(data, trained):
    result = evaluate(data, "first_impressions", trained.folder)
    assert result["task"] == "continuous"
    assert set(result["traits"]["interview"]) >= {"pearson_r", "mae", "n"}
    assert -1 <= result["pearson_r"] <= 1


def test_an_unknown_set_is_refused(data, trained):
    with pytest.raises(ValueError, match="unknown set"):
        evaluate(data, "poems", trained.folder)


def test_ids_are_stored_as_hashes_only(trained):
    stored = json.loads((trained.folder / "training_ids.json").read_text())
    assert fingerprint("essay0") in stored["essays"]
    assert "essay0" not in stored["essays"]


def test_the_shipped_weights_know_their_training_data(tmp_path):
    source = SHARED / "text" / "essays.csv"
    if not source.exists():
        pytest.skip("needs the training data beside the checkout (../shared/data)")
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(itertools.islice(csv.reader(file), 61))
    (tmp_path / "text").mkdir()
    with (tmp_path / "text" / "essays.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    result = evaluate(tmp_path, "essays", ROOT / "models")
    assert result["trained_on_texts"] == result["n"] == 60
    assert result["mean_accuracy"] > 0.59


def _plan_of(trained):
    run = json.loads((trained.folder / "run.json").read_text())
    settings = run["plan"]["settings"] | {"lengths": tuple(run["plan"]["settings"]["lengths"])}
    return Plan(
        settings=Settings(**settings),
        more_seeds=tuple(run["plan"]["more_seeds"]),
        baselines=False,
        network_folds=0,
    )


def test_a_broken_folder_is_refused(trained, tmp_path):
    shutil.copytree(trained.folder, tmp_path / "text")
    (tmp_path / "text" / "weights.npz").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="no readable text model"):
        BigFiveModel.load(tmp_path / "text")
