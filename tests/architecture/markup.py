"""What a template may hold: no style or script in the page, and no word that is not up for translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

from tests.architecture.sources import shown

SPOKEN = {"title", "alt", "aria-label", "aria-description", "placeholder", "label"}
UNSPOKEN = {"script", "style", "code", "kbd", "pre"}
NAMES = {"Kaimen", "开门", "QR", "CSV"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_DATA = {"importmap", "application/json", "application/ld+json", "speculationrules"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_VERBATIM = {"blocktrans", "blocktranslate", "comment"}
_ATTRIBUTE = re.compile(r"^block \w*(class|attributes)$")  # a block that stands inside an attribute holds no words


def plain(text: str) -> str:
    """The HTML alone: tags and variables gone, translated blocks too; lines stay where they were."""
    out: list[str] = []
    inside = ""
    for token in Lexer(text).tokenize():
        first = token.contents.split()[0] if token.contents.split() else ""
        opens = first in _VERBATIM or _ATTRIBUTE.match(token.contents)
        if token.token_type == TokenType.BLOCK and not inside and opens:
            inside = f"end{first}"
        elif token.token_type == TokenType.BLOCK and first == inside:
            inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            out.append(token.contents)
            continue
        out.append("\n" * token.contents.count("\n"))
    return "".join(out)


class _Reader(HTMLParser):
    """Collects complaints while reading; `silent` counts open elements whose text is not spoken to the reader."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.open: list[tuple[str, bool]] = []
        self.script_needs_src = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag itself carries."""
        given = dict(attrs)
        own_language = "lang" in given and tag != "html"
        if tag not in VOID:
            self.open.append((tag, tag in UNSPOKEN or given.get("translate") == "no" or own_language))
        self._carries(tag, given)
        for name in SPOKEN & given.keys():
            self._words(given[name] or "", f"the attribute {name}")

    def _carries(self, tag: str, given: dict[str, str | None]) -> None:
        if tag == "style" or "style" in given:
            self._complain("an inline style; the security policy drops it")
        if tag == "script":
            self.script_needs_src = "src" not in given and given.get("type") not in _DATA
        if any(name.startswith("on") for name in given):
            self._complain("an inline event handler; the security policy drops it")
        if any((value or "").strip().lower().startswith("javascript:") for value in given.values()):
            self._complain("a javascript: address")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content (SVG)."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Forget the element, and what was left open inside it."""
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if self.open and self.open[-1][0] == "script" and self.script_needs_src and data.strip():
            self._complain("an inline script; the security policy drops it")
        if not any(silent for _, silent in self.open):
            self._words(data, "text")

    def _words(self, text: str, where: str) -> None:
        words = [word for word in _WORD.findall(text) if word not in NAMES]
        if words:
            self._complain(f"{where} is not translated: {' '.join(words)[:60]!r}")

    def _complain(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))


def complaints(path: Path) -> Iterator[str]:
    """What `path` should not hold."""
    reader = _Reader()
    reader.feed(plain(path.read_text("utf-8")))
    reader.close()
    for line, what in reader.found:
        yield f"{shown(path)}:{line}: {what}"
