"""Templates keep style and script in files, and every word up for translation."""

from pathlib import Path

import pytest

from tests.architecture.markup import complaints
from tests.architecture.sources import nothing, templates


def test_no_template_holds_style_script_or_an_untranslated_word() -> None:
    nothing(line for path in templates() for line in complaints(path))


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p style="color: red"></p>', "an inline style"),
        ("<style>p {}</style>", "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<button onclick="go()"></button>', "an inline event handler"),
        ('<a href="javascript:go()"></a>', "a javascript: address"),
        ("<p>\n  Hello {{ name }}</p>", "text is not translated: 'Hello'"),
        ("<p>你好</p>", "text is not translated: '你好'"),
        ('<img alt="A map">', "the attribute alt is not translated"),
        ('<p lang="en">Hello</p><p>there</p>', "text is not translated: 'there'"),
    ],
)
def test_what_does_not_belong_in_a_template_is_found(tmp_path: Path, html: str, said: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(html, "utf-8")
    assert [said in line for line in complaints(page)] == [True]


def test_translated_text_data_and_a_language_named_in_itself_are_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<h1 title="{% translate "Gate" %}">{% translate "Gate" %}</h1>{% comment %}Why{% endcomment %}'
        "{% blocktranslate count n=n %}one gate{% plural %}{{ n }} gates{% endblocktranslate %}"
        '<script type="importmap">{"imports": {}}</script><script type="module" src="{{ s }}"></script>'
        '<a lang="en" href="/">English</a><code>kaimen pack load</code><svg><path d="M0 0" /></svg>',
        "utf-8",
    )
    assert list(complaints(page)) == []
