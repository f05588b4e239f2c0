"""Collect the visible strings of code and templates into the catalogue's template.

`make messages` writes interview/translations/messages.pot. A new language is then
`pybabel init -i interview/translations/messages.pot -d interview/translations -l de`, a changed
one `pybabel update`, and `pybabel compile -d interview/translations` what the platform reads.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "interview" / "translations" / "messages.pot"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}


def collect() -> Catalog:
    """Return every string that the sources mark for translation, with the files it is in."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(project="Interview Simulator", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for path, line, message, comments, context in sorted(found, key=lambda item: item[:2]):
        catalog.add(message, None, [(path, line)], auto_comments=comments, context=context)
    return catalog


def as_text(catalog: Catalog) -> str:
    """Return the template file's content, the same for the same strings on every day."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, include_lineno=False, width=100)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header + buffer.getvalue().decode()


if __name__ == "__main__":
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(as_text(collect()), encoding="utf-8")
