"""Where speech is, and how it is spoken: found in sound whose truth is known."""

import numpy as np
import pytest

from interview.analysis.audio import delivery
from interview.analysis.audio.activity import SHORTEST_PAUSE, find_speech, measure_energy, speaking
from interview.analysis.audio.delivery import describe_delivery
from interview.analysis.audio.pitch import track_pitch
from interview.analysis.audio.syllables import find_nuclei
from interview.analysis.audio.waveform import MOST_POINTS, outline
from interview.analysis.report import Stretch
from tests.support.sounds import RATE, speech, tone, white_noise

STRETCHES = [(0.8, 3.2), (3.8, 6.0), (7.5, 9.2)]


def stretches(samples: np.ndarray) -> tuple[Stretch, ...]:
    energy = measure_energy(samples)
    return find_speech(energy, track_pitch(samples, len(energy)).voiced)


def describe(samples: np.ndarray) -> delivery.Delivery:
    pitch = track_pitch(samples, len(measure_energy(samples)))
    return describe_delivery(samples, stretches(samples), pitch)


@pytest.mark.parametrize("noise", [0.0, 0.0005, 0.01], ids=["digital", "quiet", "noisy"])
@pytest.mark.parametrize("level", [0.05, 0.5], ids=["soft", "loud"])
def test_stretches_of_speech_are_found_where_they_are(level, noise):
    found = stretches(speech(10, STRETCHES, level=level, noise=noise * level / 0.2))
    assert len(found) == len(STRETCHES)
    for one, (start, end) in zip(found, STRETCHES, strict=True):
        assert one.start == pytest.approx(start, abs=0.1)
        assert one.end == pytest.approx(end, abs=0.1)


def burst(samples: np.ndarray) -> np.ndarray:
    quiet = white_noise(10, 1e-4)
    quiet[3 * RATE : 6 * RATE] += samples[3 * RATE : 6 * RATE]
    return quiet


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(10 * RATE, np.float32),
        white_noise(10, 1e-4),
        white_noise(10, 0.2),
        np.linspace(0, 1, 10 * RATE, dtype=np.float32) * white_noise(10, 0.2),
        tone(10),
        tone(10, 50, 0.1) + white_noise(10, 1e-3),
        burst(tone(10)),
        burst(tone(10, 200)),
        burst(white_noise(10)),
        np.where(np.arange(10 * RATE) % RATE < 80, white_noise(10, 0.3), 0).astype(np.float32),
    ],
    ids=[
        "silence",
        "hiss",
        "noise",
        "rising noise",
        "tone",
        "hum",
        "a beep",
        "a low beep",
        "a rush",
        "clicks",
    ],
)
def test_nothing_but_speech_is_taken_for_speech(samples):
    assert stretches(samples) == ()


def test_speech_is_found_beside_a_tone_and_over_hum():
    for disturbance in (tone(10, 1000, 0.02), tone(10, 50, 0.05)):
        (found,) = stretches(speech(10, [(3, 6)]) + disturbance)
        assert found.start == pytest.approx(3, abs=0.1)
        assert found.end == pytest.approx(6, abs=0.1)


def test_closures_of_consonants_do_not_part_a_stretch():
    close = [(1, 2), (2 + SHORTEST_PAUSE - 0.1, 4)]
    assert len(stretches(speech(5, close))) == 1
    apart = [(1, 2), (2 + SHORTEST_PAUSE + 0.1, 4)]
    assert len(stretches(speech(5, apart))) == 2


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.1, 0.5])
def test_sound_that_is_too_short_for_anything_has_no_speech(seconds):
    assert stretches(white_noise(seconds)) == ()


@pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0, 330.0])
def test_the_pitch_of_low_and_high_voices_is_found(hertz):
    found = describe(speech(6, pitch=hertz))
    # it falls by three semitones
    assert found.pitch_median_hz == pytest.approx(hertz * 2 ** (-1.5 / 12), rel=0.03)
    assert found.pitch_range_semitones == pytest.approx(0.9 * 3, abs=0.6)


def test_hum_of_the_mains_is_no_pitch():
    found = describe(speech(6) + tone(6, 50, 0.05))
    assert found.pitch_median_hz == pytest.approx(120 * 2 ** (-1.5 / 12), rel=0.03)


def test_pitch_is_the_same_wherever_blocks_meet():
    samples = speech(25, [(1, 24)])
    whole = track_pitch(samples, 2400).hertz
    later = track_pitch(samples[5 * RATE :], 1900).hertz
    same = ~np.isnan(whole[600:2300]) & ~np.isnan(later[100:1800])
    assert same.mean() > 0.8
    np.testing.assert_allclose(whole[600:2300][same], later[100:1800][same], rtol=0.02)


@pytest.mark.parametrize("rate", [2.5, 4.0, 5.5])
def test_syllables_are_counted(rate):
    found = describe(speech(12, [(1, 5), (6, 11)], syllable_rate=rate))
    assert found.syllables == pytest.approx(9 * rate, abs=2)
    assert found.articulation_rate == pytest.approx(rate, rel=0.08)
    assert found.speech_rate == pytest.approx(9 * rate / 10, rel=0.08)


def test_noise_around_speech_adds_no_syllables():
    samples = speech(6, [(2, 4)]) + 0.02 * speech(6, [(4.5, 5.5)])
    energy = measure_energy(samples)
    voiced = track_pitch(samples, len(energy)).voiced
    spoken = speaking((Stretch(2.0, 4.0),), len(energy))
    assert len(find_nuclei(samples, voiced, spoken).frames) == 8


def test_a_shout_does_not_silence_the_syllables_of_the_rest():
    samples = speech(12, [(1, 5), (10, 11)])
    quiet = samples.copy()
    quiet[: 8 * RATE] *= 0.04
    energy = measure_energy(quiet)
    voiced = track_pitch(quiet, len(energy)).voiced
    spoken = speaking((Stretch(1.0, 5.0), Stretch(10.0, 11.0)), len(energy))
    assert len(find_nuclei(quiet, voiced, spoken).frames) == pytest.approx(20, abs=2)


def test_pauses_are_the_silence_between_words_and_not_around_them():
    found = describe(speech(10, STRETCHES))
    assert [round(pause.end - pause.start, 1) for pause in found.pauses] == [0.6, 1.5]
    assert found.longest_pause == pytest.approx(1.5, abs=0.1)
    assert found.speaking_seconds == pytest.approx(6.3, abs=0.2)
    assert found.silent_seconds == pytest.approx(2.1, abs=0.2)


def test_speech_without_a_pause_has_no_longest_one():
    found = describe(speech(6))
    assert found.pauses == ()
    assert found.longest_pause is None


def test_delivery_does_not_depend_on_the_microphones_level():
    samples = speech(8, [(1, 4), (5, 7)])
    loud, soft = describe(samples), describe(samples / 4)
    assert loud.syllables == soft.syllables
    assert loud.loudness_variation_db == pytest.approx(soft.loudness_variation_db, abs=0.3)
    assert loud.pitch_range_semitones == pytest.approx(soft.pitch_range_semitones, abs=0.2)


def test_loudness_that_swings_varies_more():
    samples = speech(10)
    swing = (10 ** (0.5 * np.sin(np.arange(len(samples)) / RATE * 3))).astype(np.float32) / 4
    even, uneven = describe(samples), describe(samples * swing)
    assert uneven.loudness_variation_db > even.loudness_variation_db + 3


def test_an_utterance_that_trails_off_is_named_and_others_are_not():
    samples, room = speech(10, [(1, 4), (5, 9)], noise=0), white_noise(10, 0.0005)
    assert describe(samples + room).fadings == ()
    fade = np.ones(len(samples), np.float32)
    fade[int(7 * RATE) : 9 * RATE] = np.geomspace(1, 0.1, 2 * RATE)
    (found,) = describe(samples * fade + room).fadings
    assert found.start == pytest.approx(5, abs=0.1)
    assert delivery.FADING_DB <= found.drop_db < 25


def test_the_outline_follows_the_sound():
    samples = speech(10, [(2, 5)])
    points = outline(samples)
    assert len(points) == MOST_POINTS
    assert max(points) == pytest.approx(float(np.abs(samples).max()), abs=0.001)
    assert max(points[:150]) < 0.01 < min(np.array(points[170:390]).reshape(-1, 20).max(axis=1))


@pytest.mark.parametrize("samples", [0, 1, 300, 801])
def test_the_outline_of_little_sound_is_short(samples):
    assert len(outline(np.full(samples, 0.5, np.float32))) == min(samples, MOST_POINTS)
