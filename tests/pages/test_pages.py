"""The pages that are the same for everybody."""

import pytest

from interview.pages import render_markdown
from interview.settings import ROOT


@pytest.fixture
def models(tmp_path):
    """A folder with one model: its card, a picture, and what nobody may have."""
    folder = tmp_path / "models" / "text"
    folder.mkdir(parents=True)
    (folder / "MODEL_CARD.md").write_text("# The model\n\n![Curve](curve.svg)\n")
    (folder / "curve.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "weights.keras").write_bytes(b"weights")
    (tmp_path / "secret.svg").write_text("<svg/>")
    return folder.parent


@pytest.fixture
def settings(settings, models):
    """The settings with that folder of models."""
    return settings.model_copy(update={"models_dir": models})


@pytest.fixture(params=["sqlite"])
def database_url(request, sqlite_schema, instance_dir):
    """Pages without data need no second kind of database."""
    from tests.support.databases import sqlite_copy

    return sqlite_copy(sqlite_schema, instance_dir)


class TestHome:
    """The first thing that anybody sees."""

    def test_it_leads_to_an_interview_without_an_account(self, client):
        page = client.get("/")
        assert page.status_code == 200
        assert 'href="/text"' in page.text

    def test_it_says_how_long_a_guests_answers_are_kept(self, client):
        assert "erased after 24 hours" in client.get("/").text

    def test_it_offers_every_way_to_answer(self, client):
        page = client.get("/").text
        for mode in ("video", "audio", "text"):
            assert f'href="/{mode}"' in page

    def test_it_leads_to_the_card_of_every_model(self, client):
        page = client.get("/").text
        for name in ("text", "speech", "faces"):
            assert f'href="/models/{name}"' in page


class TestModelCard:
    """Cards of the models, as they lie beside the weights."""

    def test_a_card_is_a_page_with_its_heading_as_title(self, client):
        page = client.get("/models/text")
        assert page.status_code == 200
        assert "<title>The model · Interview Simulator</title>" in page.text
        assert 'src="/models/text/curve.svg"' in page.text

    def test_its_pictures_are_served(self, client):
        with client.get("/models/text/curve.svg") as picture:
            assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")

    @pytest.mark.parametrize(
        "path",
        [
            *("/models/none", "/models/text/none.svg", "/models/text/weights.keras"),
            *("/models/text/MODEL_CARD.md", "/models/..", "/models/../secret.svg"),
            *("/models/text/..%2F..%2Fsecret.svg", "/models/%2e%2e/secret.svg", "/models/Text"),
        ],
    )
    def test_anything_else_is_not_found(self, client, path):
        assert client.get(path).status_code == 404

    def test_a_changed_card_is_shown_as_it_is_now(self, client, models):
        client.get("/models/text")
        card = models / "text" / "MODEL_CARD.md"
        card.write_text("# A newer card, and a longer one\n")
        assert "A newer card" in client.get("/models/text").text

    def test_browsers_may_keep_it_so_it_holds_nothing_of_the_person(self, login, make_user):
        browser = login(make_user(email="ada@example.org"))
        page = browser.get("/models/text")
        assert page.cache_control.private
        assert page.cache_control.max_age > 0
        assert "ada@example.org" not in page.text
        assert "csrf_token" not in page.text


def test_how_it_works_is_the_published_document(client):
    document = ROOT / "docs" / "text-analysis.md"
    if not document.exists():
        pytest.skip("needs docs/text-analysis.md")
    page = client.get("/how/text")
    assert page.status_code == 200
    assert "<h1" in page.text


class TestMarkdown:
    """Markdown of ours, rendered without trusting it."""

    @pytest.mark.parametrize(
        "source", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b>c</b>"]
    )
    def test_html_is_shown_not_obeyed(self, source):
        html = render_markdown(source).html
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;" in html

    def test_an_address_that_runs_code_is_no_link(self):
        assert "<a" not in render_markdown("[x](javascript:alert(1))").html

    def test_columns_are_aligned_by_classes_as_the_policy_allows_no_styles(self):
        html = render_markdown("| a | b |\n|---:|:---:|\n| 1 | 2 |\n").html
        assert "style=" not in html
        assert '<td class="align-right">1</td>' in html
        assert '<td class="align-center">2</td>' in html

    def test_listings_that_scroll_can_be_reached_with_the_keyboard(self):
        assert '<pre tabindex="0">' in render_markdown("    make run\n").html

    def test_tables_scroll_within_their_place(self):
        html = render_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n").html
        assert '<div class="table-scroll" tabindex="0"><table>' in html
        assert html.count("<div") == html.count("</div>") == 1

    def test_headings_can_be_linked_to(self):
        assert '<h2 id="known-limits">' in render_markdown("## Known limits").html

    def test_pictures_are_looked_up_beside_the_document(self):
        html = render_markdown("![a](a.png) ![b](https://example.org/b.png)", "/models/text/").html
        assert 'src="/models/text/a.png"' in html
        assert 'src="https://example.org/b.png"' in html
