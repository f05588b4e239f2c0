"""What is refused before any page sees it: bodies that are too large, bytes that no text has."""

import io

import pytest

from interview.practice.models import Answer

MEBIBYTE = 1024 * 1024


@pytest.fixture
def draft(guest, make_answer) -> Answer:
    return make_answer(guest)


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("/login", 64 * 1024),
        ("/register", 64 * 1024),
        ("/text", 64 * 1024),
        ("/answers/{id}/draft", MEBIBYTE),
        ("/answers/{id}/submit", MEBIBYTE),
        ("/answers/{id}/retry", 64 * 1024),
        ("/answers/{id}/retake", 64 * 1024),
        ("/answers/{id}/erase", MEBIBYTE),
        ("/privacy/erase", MEBIBYTE),
    ],
)
def test_a_body_larger_than_its_route_takes_is_refused(guest_client, draft, address, size):
    answer = guest_client.post(address.format(id=draft.id), data={"text": "x" * size})
    assert answer.status_code == 413


def test_a_document_may_be_larger_than_a_form(guest_client, draft, settings):
    fits = {"document": (io.BytesIO(b"words " * 100_000), "answer.txt"), "text": ""}
    assert guest_client.post(f"/answers/{draft.id}/document", data=fits).status_code == 302


def test_a_document_larger_than_the_setting_is_refused(guest_client, draft, settings):
    size = settings.max_document_bytes + 2 * MEBIBYTE
    data = {"document": (io.BytesIO(bytes(size)), "answer.pdf"), "text": ""}
    answer = guest_client.post(f"/answers/{draft.id}/document", data=data)
    assert answer.status_code == 413


def test_the_longest_allowed_text_passes_however_it_is_written(guest_client, draft, settings):
    text = "\N{GRINNING FACE}" * settings.max_text_characters
    answer = guest_client.post(f"/answers/{draft.id}/draft", data={"text": text})
    assert answer.status_code == 302


def test_a_text_one_character_too_long_is_refused(guest_client, draft, settings):
    text = "x" * (settings.max_text_characters + 1)
    answer = guest_client.post(f"/answers/{draft.id}/draft", data={"text": text})
    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["/%00", "/answers/%00", "/text?competency=%00", "/?%00=1"])
def test_nul_bytes_in_an_address_are_refused(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("data", [{"text": "a\x00b"}, {"te\x00xt": "a"}])
def test_nul_bytes_in_a_form_are_refused(guest_client, draft, data):
    answer = guest_client.post(f"/answers/{draft.id}/draft", data=data)
    assert answer.status_code == 400


def test_nul_bytes_in_the_name_of_a_document_are_refused_or_harmless(guest_client, draft):
    data = {"document": (io.BytesIO(b"some words"), "a\x00b.txt"), "text": ""}
    answer = guest_client.post(f"/answers/{draft.id}/document", data=data)
    assert answer.status_code in (302, 400)


def test_a_form_of_very_many_fields_is_refused(client):
    data = {f"field{number}": (io.BytesIO(b""), "") for number in range(200)}
    answer = client.post("/text", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "address",
    ["/recruiting/organisations/{}", "/admin/people/{}", "/admin/people?page={}"],
)
def test_a_number_that_no_row_can_have_is_no_failure(login, make_user, address):
    browser = login(make_user(roles=("candidate", "admin")))
    expected = 200 if "?" in address else 404
    for number in ("9" * 30, str(2**31)):
        assert browser.get(address.format(number)).status_code == expected
