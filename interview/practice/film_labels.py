"""The words for what is seen in an answer before a camera; see `voice_labels` for what is heard."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from interview.practice import voice_labels
from interview.practice.labels import MeasureWords, NoticeWords, always
from interview.practice.voice_labels import (
    EMOTIONS,
    SuggestionWords,
    estimates,
    lengths,
    percent,
)

CAMERA: Mapping[str, MeasureWords] = {
    "camera.face_share": MeasureWords(
        _l("Face in view"),
        _l("How much of the time a face is found in the picture."),
        percent,
    ),
    "camera.looking_share": MeasureWords(
        _l("Looking towards the camera"),
        _l(
            "How much of the time with a face the head points towards the camera. It is the head, "
            "not the eyes: reading from the screen looks the same. Nobody looks there all the time."
        ),
        percent,
    ),
    "camera.smile_share": MeasureWords(
        _l("Smile"),
        _l(
            "How much of the time with a face it smiles for half a second or more. Polite and "
            "happy smiles are not told apart."
        ),
        percent,
    ),
}
"""The measures of what the camera sees, in the order in which they are shown."""

TOGETHER: Mapping[str, MeasureWords] = estimates("together")
"""The measures of how face and voice may come across."""

CHANNELS: Mapping[str, LazyString] = {
    "together": _l("Together"),
    "face": _l("Face"),
    "voice": _l("Voice"),
}
"""The tracks of emotions, in the order in which they are drawn."""

ALONE: Mapping[str, LazyString] = {
    "face": _l("The face alone, beside the others’"),
    "voice": _l("The voice alone, beside the others’"),
}
"""What the comparisons of a single channel are called."""

CHANNEL_TITLES: Mapping[str, LazyString] = {
    "together": _l("All seven emotions: face and voice together"),
    "face": _l("All seven emotions: the face alone"),
    "voice": _l("All seven emotions: the voice alone"),
}

KINDS: Mapping[str, LazyString] = {
    **EMOTIONS,
    "unclear": _l("Nothing clear"),
    "several": _l("Several faces"),
    "nobody": _l("No face in view"),
}
"""What the patterns of the drawing mean."""

DISTANCES: Mapping[str, LazyString] = {
    "close": _l("Rather close"),
    "good": _l("Good distance"),
    "far": _l("Rather far away"),
}
POSITIONS: Mapping[str, LazyString] = {
    "good": _l("well placed"),
    "left": _l("towards the left edge"),
    "right": _l("towards the right edge"),
    "high": _l("towards the upper edge"),
    "low": _l("towards the lower edge"),
}
LIGHTS: Mapping[str, LazyString] = {
    "good": _l("Good"),
    "dark": _l("Rather dark"),
    "bright": _l("Very bright"),
    "backlit": _l("Light from behind"),
}
FOCUS: Mapping[str, LazyString] = {
    "upper": _l("most of it over forehead and eyes"),
    "middle": _l("most of it over nose and cheeks"),
    "lower": _l("most of it over mouth and chin"),
    "all": _l("spread over the face"),
}
"""Where an activation map is strongest."""


def _too_little_face(values: Mapping[str, Any]) -> str:
    return _(
        "A face was seen for %(seconds)s seconds. Under %(needed)s seconds say too little for an "
        "estimate of what it shows, so there is none.",
        **lengths(values),
    )


def _very_short(values: Mapping[str, Any]) -> str:
    return _(
        "It lasts %(seconds)s seconds; under %(needed)s seconds say too little.",
        **lengths(values),
    )


def _several_faces(values: Mapping[str, Any]) -> str:
    return _(
        "For %(seconds)s seconds. What is said of a face is said of the one that was followed, "
        "usually the largest.",
        **lengths(values),
    )


NOTICES: Mapping[str, NoticeWords] = {
    "no_picture": NoticeWords(
        _l("There is no picture in this recording"),
        always(_l("Only its sound could be analysed.")),
        _l("Take the question again with the camera on, if you like."),
        kind="info",
    ),
    "very_short": NoticeWords(
        _l("This video is very short"),
        _very_short,
        _l("Take the question again and tell more of what you did and how it ended."),
    ),
    "no_face": NoticeWords(
        _l("No face was found in this video"),
        always(_l("So there is nothing to say about a face. The sound was analysed as usual.")),
        _l("Check the picture before you record: your face belongs into the oval, with light."),
    ),
    "too_little_face": NoticeWords(
        _l("Your face is hardly to be seen in this video"),
        _too_little_face,
        _l("Check the picture before you record: your face belongs into the oval, with light."),
    ),
    "several_faces": NoticeWords(
        _l("More than one face is in the picture"),
        _several_faces,
        _l("Record where you are alone in the picture."),
        kind="info",
    ),
    "too_dark": NoticeWords(
        _l("The picture is too dark"),
        always(_l("So dark that nothing can be said of the face. The sound was analysed.")),
        _l("Turn a lamp or a window towards your face, then take the question again."),
    ),
    "no_sound": NoticeWords(
        _l("There is no sound in this video"),
        always(_l("Only its picture could be analysed.")),
        _l(
            "Check on the recording page that the right microphone is chosen and that the level "
            "moves when you speak. You can also type what you said below."
        ),
    ),
}
"""What notices on a video say."""


def notice(code: str) -> NoticeWords:
    """Return the words for a notice on a video or on its sound."""
    return NOTICES.get(code) or voice_labels.notice(code)


def _far_seen(values: Mapping[str, float]) -> str:
    return _("Your face takes up %(size)s of the picture’s height.", size=percent(values["size"]))


def _nobody_seen(values: Mapping[str, float]) -> str:
    return _(
        "For %(share)s of the time no face was found in the picture.",
        share=percent(values["share"]),
    )


SUGGESTIONS: Mapping[str, SuggestionWords] = {
    "dark": SuggestionWords(
        _l("Put light on your face"),
        always(_l("Your face is rather dark in the picture.")),
        _l("Turn a lamp or a window towards you; the light on the recording page tells more."),
        _l("Look at the picture:"),
    ),
    "backlit": SuggestionWords(
        _l("Let the light come from the front"),
        always(_l("Behind you it is much brighter than on your face.")),
        _l("Turn so that the window is before you, or draw the curtain behind you."),
        _l("Look at the picture:"),
    ),
    "bright": SuggestionWords(
        _l("Take a little light off your face"),
        always(_l("Your face is so bright that it loses its lines.")),
        _l("Move away from the lamp, or let its light come from the side."),
        _l("Look at the picture:"),
    ),
    "far": SuggestionWords(
        _l("Move closer to the camera"),
        _far_seen,
        _l("Head and shoulders should fill the picture, so that your face can be read."),
        _l("Look at the picture:"),
    ),
    "close": SuggestionWords(
        _l("Move away from the camera"),
        _far_seen,
        _l("Let head and shoulders fit into the picture, with some room above the head."),
        _l("Look at the picture:"),
    ),
    "off_centre": SuggestionWords(
        _l("Move into the middle of the picture"),
        always(_l("Your face is near an edge of the picture most of the time.")),
        _l("Use the oval on the recording page before you start."),
        _l("Look at the picture:"),
    ),
    "out_of_view": SuggestionWords(
        _l("Stay in the picture"),
        _nobody_seen,
        _l("Sit so that you can move a little without leaving it, hands away from the face."),
        _l("Out of view:"),
    ),
    "several": SuggestionWords(
        _l("Be alone in the picture"),
        lambda values: _(
            "For %(seconds)s seconds more than one face is in the picture.",
            seconds=format_decimal(values["seconds"], "0"),
        ),
        _l("Pictures on the wall count, too: turn the camera, or choose another background."),
        _l("More than one face:"),
    ),
    "looking_away": SuggestionWords(
        _l("Turn to the camera for what matters most"),
        lambda values: _(
            "Your head points towards the camera %(share)s of the time.",
            share=percent(values["share"]),
        ),
        _l(
            "Looking away to think is fine. Say your first and your last sentence to the camera; "
            "notes are best kept right beside it."
        ),
        _l("Turned away:"),
    ),
    "no_smile": SuggestionWords(
        _l("Greet with a smile, if you like"),
        lambda values: _("A smile is seen %(share)s of the time.", share=percent(values["share"])),
        _l("Try one at the beginning and at the end. Not every answer calls for one."),
        _l("Look at the beginning and the end:"),
    ),
}
"""The words for what to try next before a camera, by the rule's code (see `film_advice`)."""


def suggestion(code: str) -> SuggestionWords:
    """Return the words for a suggestion on what is seen or heard."""
    return SUGGESTIONS.get(code) or voice_labels.SUGGESTIONS[code]
