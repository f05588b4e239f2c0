"""Pages that are the same for everybody: the start page, the model cards, how it works."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    send_from_directory,
)
from flask_babel import get_locale
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from interview.practice import labels, presenter
from interview.practice.models import Answer
from interview.safety import public_page
from interview.settings import ROOT

blueprint = Blueprint("pages", __name__)

CARD = "MODEL_CARD.md"
HOW_TEXT = ROOT / "docs" / "text-analysis.md"
HOW_AUDIO = ROOT / "docs" / "audio-analysis.md"
HOW_RECRUITING = ROOT / "docs" / "recruiting.md"
HOW_VIDEO = ROOT / "docs" / "video-analysis.md"
PICTURES = (".png", ".svg")
"""The only files of a model's folder that are served: its card's pictures."""

MAX_AGE = 300
"""Seconds that a browser may keep these pages."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@blueprint.app_context_processor
def _page_helpers() -> dict[str, object]:
    return {
        "page_language": page_language,
        "analysis_steps": presenter.steps,
        "guidance_parts": presenter.guidance_parts(),
    }


@blueprint.app_template_filter("competency_name")
def _competency_name(code: str) -> str:
    return str(labels.COMPETENCIES[code])


@blueprint.app_template_filter("state_name")
def _state_name(code: str) -> str:
    return str(labels.STATES[code])


@blueprint.app_template_filter("step_name")
def _step_name(code: str | None) -> str:
    return presenter.step_label(code)


@blueprint.app_template_filter("failure_text")
def _failure_text(answer: Answer) -> str:
    return presenter.failure(answer.failure or "internal", answer.failure_values) or ""


def page_language() -> str:
    """Return the language of the page as a BCP 47 tag."""
    return str(get_locale() or "en").replace("_", "-")


@blueprint.get("/")
def home() -> str:
    """Say what this is and offer one way in."""
    settings = current_app.config["SETTINGS"]
    return render_template("pages/home.html", guest_hours=f"{settings.guest_hours:g}")


@blueprint.get("/models/<name>")
@public_page
def model_card(name: str) -> Response:
    """Render a model's card."""
    return _page_of(_model_folder(name) / CARD, pictures_at=f"/models/{name}/")


@blueprint.get("/models/<name>/<file>")
@public_page
def model_picture(name: str, file: str) -> Response:
    """Send a picture of a model's card, and nothing else of the folder."""
    if not file.endswith(PICTURES):
        abort(404)
    return send_from_directory(_model_folder(name), file, max_age=MAX_AGE)


@blueprint.get("/how/text")
@public_page
def how_text() -> Response:
    """Explain how a text is analysed."""
    return _page_of(HOW_TEXT)


@blueprint.get("/how/audio")
@public_page
def how_audio() -> Response:
    """Explain how a recording is analysed."""
    return _page_of(HOW_AUDIO)


@blueprint.get("/how/video")
@public_page
def how_video() -> Response:
    """Explain how an answer before a camera is analysed."""
    return _page_of(HOW_VIDEO)


@blueprint.get("/how/recruiting")
@public_page
def how_recruiting() -> Response:
    """Explain what an organisation can and cannot see of its candidates."""
    return _page_of(HOW_RECRUITING)


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file as a page: its first heading, and all of it as HTML."""

    title: str
    html: Markup


def render_markdown(source: str, pictures_at: str = "") -> Document:
    """Render Markdown with tables; HTML in it is shown as text, not obeyed.

    Relative addresses of pictures are looked up under `pictures_at`. Headings get ids, so that
    pages can link to them; tables stand in a frame that scrolls on narrow screens.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    # A box that scrolls must be reachable by keyboard.
    markdown.add_render_rule(
        "table_open", lambda *_: '<div class="table-scroll" tabindex="0"><table>'
    )
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    tokens = markdown.parse(source)
    title = ""
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(following.content))
            if token.tag == "h1" and not title:
                title = _plain_text(following)
        if style := token.attrs.pop("style", None):  # columns' alignment; the policy has no styles
            token.attrSet("class", str(style).replace("text-align:", "align-"))
        for child in token.children or []:
            source_of = str(child.attrGet("src") or "")
            if child.type == "image" and not re.match(r"[a-z]+:|/", source_of):
                child.attrSet("src", pictures_at + source_of)
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    html = html.replace("<pre>", '<pre tabindex="0">')
    return Document(title, Markup(html))  # noqa: S704 - HTML in the source was escaped


def _page_of(path: Path, pictures_at: str = "") -> Response:
    """Answer with a Markdown file as a page that browsers may keep, or with 404."""
    if not path.is_file():
        abort(404)
    document = _read(path, path.stat().st_mtime_ns, pictures_at)
    page = render_template("pages/document.html", document=document, same_for_everybody=True)
    response = make_response(page)
    # Only the reader's own browser: a session may still be renewed by the same answer.
    response.cache_control.private = True
    response.cache_control.max_age = MAX_AGE
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=16)
def _read(path: Path, changed: int, pictures_at: str) -> Document:
    """Read and render a file; `changed` is part of the key, so an edited file is read anew."""
    return render_markdown(path.read_text(encoding="utf-8"), pictures_at)


def _model_folder(name: str) -> Path:
    """Return the folder of a model; anything that is not a plain name is not found."""
    if not _NAME.fullmatch(name):
        abort(404)
    return Path(current_app.config["SETTINGS"].models_dir).resolve() / name


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def _plain_text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])
