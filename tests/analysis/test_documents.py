"""Documents from strangers: what is read, what is refused, and that nothing runs away."""

import contextlib
import io
import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

from interview.analysis.text import document_parser, documents
from interview.analysis.text.documents import (
    DOCUMENT_ERRORS,
    DocumentError,
    ExtractedText,
    Limits,
    extract,
)

ANSWER = (
    "When I worked in a bakery, the till broke on a Saturday. I had to keep the queue moving. "
    "I wrote the sums by hand and asked a colleague to bake. We sold everything by noon."
)
LIMITS = {
    "max_bytes": 10_000_000,
    "max_pages": 30,
    "max_characters": 60_000,
    "seconds": 20.0,
    "memory": 512 * 2**20,
}


def pdf(pages: list[str]) -> bytes:
    document = FPDF()
    document.set_font("Helvetica", size=11)
    for text in pages:
        document.add_page()
        if text:
            document.multi_cell(0, 6, text)
    return bytes(document.output())


def scanned_pdf() -> bytes:
    picture = Image.new("L", (600, 800), 255)
    ImageDraw.Draw(picture).text((20, 20), ANSWER, fill=0)
    document = FPDF()
    document.add_page()
    document.image(picture, 0, 0, 210)
    return bytes(document.output())


def encrypted_pdf(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([ANSWER]))))
    writer.encrypt(user_password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    '{}.main+xml"/></Types>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, kind: str = "wordprocessingml.document", **more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format(kind))
        document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


def ordinary_word() -> bytes:
    document = docx.Document()
    document.add_heading("Ada Example", 0)
    document.add_paragraph(ANSWER)
    document.add_paragraph("Sold shoes", style="List Bullet")
    document.add_paragraph("Served", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "2019"
    table.cell(0, 1).text = "Bakery"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(content: bytes, name: str = "file.bin", **limits: float) -> ExtractedText:
        path = tmp_path / name
        path.write_bytes(content)
        return extract(path, Limits(**limits))

    return read


@pytest.fixture
def refusal(read):
    def refusal(content: bytes, name: str = "file.bin", **limits: float) -> DocumentError:
        with pytest.raises(DocumentError) as caught:
            read(content, name, **limits)
        assert caught.value.code in DOCUMENT_ERRORS
        return caught.value

    return refusal


# What is read


def test_a_pdf_is_read_with_its_pages(read):
    result = read(pdf([ANSWER, "Second page."]))
    assert (result.kind, result.pages) == ("pdf", 2)
    assert result.text == ANSWER + "\n\nSecond page."


def test_a_pdf_with_an_owner_password_only_is_read(read):
    assert read(encrypted_pdf("")).text == ANSWER


def test_a_pdf_with_a_photo_and_text_is_read(read):
    document = FPDF()
    document.add_page()
    document.image(Image.new("L", (50, 50)), 150, 10, 30)
    document.set_font("Helvetica", size=11)
    document.multi_cell(0, 6, ANSWER)
    assert ANSWER in read(bytes(document.output())).text


def test_text_in_a_pdf_form_object_is_read(read):
    writer = PdfWriter()
    page = PdfReader(io.BytesIO(pdf([ANSWER]))).pages[0]
    writer.add_blank_page(page.mediabox.width, page.mediabox.height).merge_page(page)
    out = io.BytesIO()
    writer.write(out)
    assert read(out.getvalue()).text == ANSWER


def test_a_word_document_is_read_with_headings_lists_and_tables(read):
    result = read(ordinary_word())
    assert (result.kind, result.pages) == ("docx", None)
    lines = [line for line in result.text.splitlines() if line]
    assert lines == ["Ada Example", ANSWER, "• Sold shoes", "• Served", "2019 Bakery"]


def test_word_paragraphs_keep_what_is_visible_only(read):
    body = (
        "<w:p><w:r><w:t>A</w:t><w:tab/><w:t>B</w:t><w:br/><w:t>C</w:t>"
        "<w:noBreakHyphen/><w:t>D</w:t></w:r>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> inserted</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>item</w:t></w:r></w:p>"
        "<w:p><w:r><w:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
        "</w:Choice><w:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p>"
        "</w:txbxContent></w:Fallback></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert read(word(body)).text == "A B\nC-D inserted\n\n• item\n\nbox\n\ncontrol"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_plain_text_is_read_in_every_usual_encoding(read, encoding):
    text = "I said “très bien” – and we won the café’s order."
    result = read(text.encode(encoding))
    assert (result.text, result.pages, result.kind) == (text, None, "txt")


def test_big_endian_text_with_nul_characters_is_read_without_them(read):
    result = read(b"\xfe\xff" + "We\0 won.".encode("utf-16-be"))
    assert result.text == "We won."


@pytest.mark.parametrize("name", ["cv.exe", "cv.txt", "cv", "cv.docx", "../../etc/cv.pdf"])
def test_the_name_of_a_file_does_not_matter(read, name, tmp_path):
    assert read(pdf([ANSWER]), Path(name).name).kind == "pdf"


def test_text_that_speaks_of_pdf_is_text(read):
    assert read(b"My favourite file header is %PDF-1.4, I like it.").kind == "txt"


# What is refused


@pytest.mark.parametrize(
    "content",
    [b"", b" \n\t ", b"\xef\xbb\xbf", b"-- ** --", "\u00a0\u200b".encode(), pdf([""]), word("")],
    ids=["zero length", "blanks", "mark only", "signs", "invisible", "blank page", "no text"],
)
def test_empty_documents_are_called_empty(refusal, content):
    assert refusal(content).code == "empty"


def test_a_scan_is_told_from_a_blank_page(refusal):
    error = refusal(scanned_pdf())
    assert (error.code, error.values) == ("scanned", {"pages": 1})


def test_text_turned_into_outlines_counts_as_scanned(refusal):
    document = FPDF()
    document.add_page()
    for index in range(150):
        document.ellipse(10 + index, 20, 3, 3)
    assert refusal(bytes(document.output())).code == "scanned"


def test_an_encrypted_pdf_is_refused(refusal):
    assert refusal(encrypted_pdf("secret")).code == "encrypted"


def test_an_encrypted_word_document_is_refused(refusal):
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
    assert refusal(container + "EncryptedPackage".encode("utf-16-le")).code == "encrypted"


def test_an_encrypted_archive_member_is_refused(refusal):
    content = bytearray(word("<w:p/>"))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(header)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(header, at + 4)
    assert refusal(bytes(content)).code == "encrypted"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + bytes(range(256)) * 20,
        b"\x7fELF" + bytes(range(256)) * 20,
        b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256))),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000,
        b"{\\rtf1\\ansi I led a team}",
        b"<!DOCTYPE html><p>I led a team</p>",
        word("", kind="spreadsheetml.sheet"),
        "Я работал в пекарне и продавал хлеб.".encode("cp1251"),
        b"odd\x81byte",
        b"\xff\xfe\x00",
        bytes(range(1, 128)) * 20,
    ],
    ids=[
        "windows program",
        "linux program",
        "png",
        "old word",
        "rtf",
        "html",
        "spreadsheet",
        "unknown encoding",
        "no encoding",
        "half a character",
        "control characters",
    ],
)
@pytest.mark.parametrize("name", ["cv.pdf", "cv.txt"])
def test_other_kinds_are_unsupported_whatever_their_name(refusal, content, name):
    assert refusal(content, name).code == "unsupported"


def test_an_archive_without_a_document_is_unsupported(refusal):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", ANSWER)
    assert refusal(out.getvalue()).code == "unsupported"
    assert refusal(out.getvalue()[:60]).code == "unsupported"


@pytest.mark.parametrize(
    "content",
    [
        pdf([ANSWER])[:300],
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + os.urandom(2000),
        ordinary_word()[:5000],
        word("<w:p>"),
        word("<w:p/>").replace(b"word/document.xml", b"word/documenu.xml"),
        word('</w:body></w:document><!DOCTYPE a [<!ENTITY b "c">]>'),
    ],
    ids=["cut pdf", "header only", "noise", "cut docx", "bad xml", "no body", "declaration"],
)
def test_damaged_documents_are_called_broken(refusal, content):
    assert refusal(content).code == "broken"


def test_entities_in_a_word_document_are_never_expanded(refusal):
    bomb = (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body>'
        "</w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES.format("wordprocessingml.document"))
        archive.writestr("word/document.xml", bomb)
    assert refusal(out.getvalue()).code == "broken"


# Bounds


def test_more_pages_than_allowed_are_refused_and_as_many_are_read(read, refusal):
    error = refusal(pdf(["A page."] * 31))
    assert (error.code, error.values) == ("too_many_pages", {"limit": 30})
    assert read(pdf(["A page of text."] * 30)).pages == 30


def test_a_large_file_is_refused_before_it_is_read(refusal, monkeypatch):
    monkeypatch.setattr(documents, "_parse_in_child", lambda *_: pytest.fail("parsed"))
    error = refusal(b"word " * 100, max_bytes=499)
    assert (error.code, error.values) == ("too_large", {"limit": 499})


@pytest.mark.parametrize(
    "content",
    [
        b"word " * 100,
        pdf(["word " * 100]),
        word("<w:p><w:r><w:t>word </w:t></w:r></w:p>" * 100),
    ],
    ids=["txt", "pdf", "docx"],
)
def test_more_text_than_allowed_is_refused(refusal, content):
    error = refusal(content, max_characters=300)
    assert (error.code, error.values) == ("too_long", {"limit": 300})


def test_a_zip_bomb_is_refused_quickly(refusal):
    blanks = "<w:p/>" + " " * (document_parser.DOCX_XML_BYTES + 1)
    started = time.monotonic()
    error = refusal(word(blanks))
    assert (error.code, error.values["unpacked"]) == ("too_large", document_parser.DOCX_XML_BYTES)
    assert time.monotonic() - started < 10


def test_a_zip_member_that_lies_about_its_size_yields_no_more_than_it_says(refusal):
    content = word("<w:p/>" * 100_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    small = content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refusal(small).code == "broken"


def test_a_pdf_stream_that_unpacks_to_more_than_the_memory_is_refused(refusal):
    packed = zlib.compress(b"0" * 300_000_000, 1)
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    error = refusal(content, memory=256 * 2**20)
    assert (error.code, error.values["unpacked"]) == ("too_large", 256 * 2**20)


SPINNING = "import sys, time; open(sys.argv[1] + '.started', 'w').close(); time.sleep(60)"


def test_a_parser_that_takes_too_long_is_killed(refusal, tmp_path, monkeypatch):
    slow = tmp_path / "slow.py"
    slow.write_text(SPINNING)
    monkeypatch.setattr(documents, "_PARSER", slow)
    started = time.monotonic()
    error = refusal(b"text", seconds=1.0)
    assert (error.code, error.values) == ("timeout", {"limit": 1.0})
    assert time.monotonic() - started < 5
    assert (tmp_path / "file.bin.started").exists()


def test_a_parser_that_burns_its_processor_time_is_killed_by_the_kernel(tmp_path):
    burn = (
        "import importlib.util as u, sys\n"
        "spec = u.spec_from_file_location('parser', sys.argv[1])\n"
        "parser = u.module_from_spec(spec); spec.loader.exec_module(parser)\n"
        "parser.limit_process({'seconds': 1, 'memory': 512 * 2**20})\n"
        "while True: pass\n"
    )
    command = [sys.executable, "-c", burn, document_parser.__file__]
    assert subprocess.run(command, timeout=30, check=False).returncode in (-24, -9)


def test_a_parser_that_dies_leaves_a_clear_error(refusal, tmp_path, monkeypatch):
    crash = tmp_path / "crash.py"
    crash.write_text("import os; os.abort()")
    monkeypatch.setattr(documents, "_PARSER", crash)
    assert refusal(b"text").code == "broken"


def test_the_child_gets_neither_the_environment_nor_the_application(tmp_path, monkeypatch):
    spy = tmp_path / "spy.py"
    source = Path(document_parser.__file__).read_text()
    tell = (
        "import os\nkinds = sorted({name.split('.')[0] for name in sys.modules})\n"
        "print(json.dumps({'error': 'broken', 'values': "
        "{'modules': ' '.join(kinds), 'environment': ' '.join(os.environ)}}))\n"
    )
    run = "limits = json.loads(sys.argv[2])\nanswer(Path(sys.argv[1]), limits)\n"
    spy.write_text(source[: source.index('if __name__ == "__main__"')] + run + tell)
    monkeypatch.setattr(documents, "_PARSER", spy)
    monkeypatch.setenv("SECRET_KEY", "for the application only")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([ANSWER]))
    with pytest.raises(DocumentError) as caught:
        extract(path)
    modules = set(str(caught.value.values["modules"]).split())
    assert "pdfminer" in modules
    assert not modules & {"interview", "flask", "tensorflow", "nltk", "sqlalchemy", "numpy"}
    assert "SECRET_KEY" not in str(caught.value.values["environment"])


def test_a_missing_file_is_the_callers_mistake(tmp_path):
    with pytest.raises(FileNotFoundError):
        extract(tmp_path / "missing.pdf")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 3), st.integers(0, 20_000))
def test_no_content_makes_the_parser_raise(tmp_path, noise, kind, at):
    base = [b"", b"%PDF-1.5\n", SMALL_PDF, SMALL_WORD][kind]
    at %= len(base) + 1
    path = tmp_path / "noise"
    path.write_bytes(base[:at] + noise + base[at + len(noise) :])
    answer = document_parser.answer(path, LIMITS)
    assert json.loads(json.dumps(answer)) == answer
    with contextlib.suppress(KeyError):
        assert answer["error"] in DOCUMENT_ERRORS


SMALL_PDF = pdf([ANSWER])
SMALL_WORD = word("<w:p><w:r><w:t>I led a team.</w:t></w:r></w:p>")
