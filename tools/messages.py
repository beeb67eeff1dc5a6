"""Collects the words of the interface for translation, part by part, without system gettext.

    tools/messages.py [PART …]      bring each locale/zh_Hans/LC_MESSAGES/django.po up to date, compile the .mo
    tools/messages.py --compile     only compile
    tools/messages.py --check       say what is missing, fuzzy, obsolete or at odds; exit 1 if anything is

English is the source. A translation is kept while its English stays; nothing is guessed.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = "zh_Hans"
HEAD = """# Simplified Chinese. Collected and kept in order by tools/messages.py.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def _keywords() -> dict[str, tuple[int | tuple[int, str], ...] | None]:
    kinds: dict[str, tuple[int | tuple[int, str], ...] | None] = {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }
    lazy = {f"{name}_lazy": spec for name, spec in kinds.items()}
    return kinds | lazy | {"_": None, "gettext_noop": None}


KEYWORDS = _keywords()
Key = tuple[str | None, str, str | None]  # context, singular, plural


@dataclass
class Part:
    """One part: its folder, what its code and templates say, what its file translates."""

    folder: Path
    said: list[Key] = field(default_factory=list)
    catalog: Catalog = field(default_factory=lambda: Catalog(locale=LOCALE))

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def po(self) -> Path:
        """The file translators write."""
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    def translation(self, key: Key) -> Message | None:
        """What the file has for `key`."""
        context, singular, plural = key
        return self.catalog.get((singular, plural) if plural else singular, context)


def parts(source: Path, names: Iterable[str] = ()) -> list[Part]:
    """The parts under `source` (all, or those named), read."""
    folders = [source / name for name in names] or [path.parent for path in source.glob("*/__init__.py")]
    return [_read(folder) for folder in sorted(folders)]


def _read(folder: Path) -> Part:
    part = Part(folder, sorted(set(_said(folder)), key=lambda key: (key[1], key[0] or "", key[2] or "")))
    if part.po.exists():
        with part.po.open("rb") as file:
            part.catalog = read_po(file, locale=LOCALE)
    return part


def _said(folder: Path) -> Iterator[Key]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if {"tests", "migrations", "locale", "static"} & set(inside[:-1]):
            continue
        if path.suffix == ".py":
            yield from _messages(path.read_bytes())
        elif "templates" in inside and path.is_file():
            yield from _messages(_flat(templatize(path.read_text("utf-8"), origin=str(path))))


def _flat(text: str) -> bytes:
    """A template's calls without indentation, so that Python's tokenizer reads every line by itself."""
    return "\n".join(line.strip() for line in text.splitlines()).encode()


def _messages(content: bytes) -> Iterator[Key]:
    for _, message, _, context in extract("python", BytesIO(content), keywords=KEYWORDS):
        words = (message,) if isinstance(message, str) else tuple(message)
        if words[0]:
            yield context, words[0], words[1] if len(words) > 1 else None


def text(part: Part) -> str:
    """The .po file as it should be: what is said, in order, with the translations there are."""
    entries = [HEAD]
    for key in part.said:
        found = part.translation(key)
        entries.append("\n" + "".join(_entry(key, found)))
    return "".join(entries)


def _entry(key: Key, found: Message | None) -> Iterator[str]:
    context, singular, plural = key
    if found is not None and found.fuzzy:
        yield "#, fuzzy\n"
    if context:
        yield f"msgctxt {normalize(context)}\n"
    yield f"msgid {normalize(singular)}\n"
    if plural:
        yield f"msgid_plural {normalize(plural)}\n"
    yield f"msgstr{'[0]' if plural else ''} {normalize(_translated(found))}\n"


def _translated(found: Message | None) -> str:
    if found is None:
        return ""
    return found.string if isinstance(found.string, str) else (found.string or ("",))[0]


def update(part: Part) -> None:
    """Write the .po of a part that says something, and nothing when it is already right."""
    if part.said and (not part.po.exists() or part.po.read_text("utf-8") != text(part)):
        part.po.parent.mkdir(parents=True, exist_ok=True)
        part.po.write_text(text(part), "utf-8")


def compile_mo(part: Part) -> None:
    """Write the .mo beside the .po."""
    if not part.po.exists():
        return
    with part.po.open("rb") as file:
        catalog = read_po(file, locale=LOCALE)
    fresh = part.po.with_suffix(".mo.new")
    with fresh.open("wb") as out:
        write_mo(out, catalog)
    fresh.replace(part.po.with_suffix(".mo"))


def problems(all_parts: list[Part]) -> list[str]:
    """Every missing, fuzzy, obsolete or contradictory translation, in words."""
    return [line for part in all_parts for line in _problems(part)] + list(_at_odds(all_parts))


def _problems(part: Part) -> Iterator[str]:
    said = {key[:2] for key in part.said}
    for key in part.said:
        found = part.translation(key)
        if found is None or not _translated(found):
            yield f"{part.name}: not translated: {key[1]!r}"
        elif found.fuzzy:
            yield f"{part.name}: fuzzy: {key[1]!r}"
        elif _placeholders(_translated(found)) != _placeholders(key[2] or key[1]):
            yield f"{part.name}: the placeholders differ: {key[1]!r}"
    for message in part.catalog:
        singular = message.id if isinstance(message.id, str) else message.id[0]
        if singular and (message.context, singular) not in said:
            yield f"{part.name}: obsolete: {singular!r}"
    if part.said and part.po.exists() and part.po.read_text("utf-8") != text(part):
        yield f"{part.name}: {part.po.name} is not in order: run tools/messages.py"


def _placeholders(words: str) -> set[str]:
    return {match.group(0) for match in _PLACEHOLDER.finditer(words)}


def _at_odds(all_parts: list[Part]) -> Iterator[str]:
    """Django puts all parts into one catalogue: the same English may have one Chinese only."""
    chosen: dict[Key, tuple[str, str]] = {}
    for part in all_parts:
        for key in part.said:
            words = _translated(part.translation(key))
            name, other = chosen.setdefault(key, (part.name, words))
            if words and other and words != other:
                yield f"{part.name}: {key[1]!r} is {words!r} here and {other!r} in {name}: agree, or use a context"


def main(arguments: list[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="folders of src/kaimen; all when none is named")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true")
    how.add_argument("--compile", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = parts(ROOT / "src" / "kaimen", asked.parts)
    if asked.check:
        found = problems(chosen)
        print("\n".join(found) or f"{sum(len(part.said) for part in chosen)} texts, all translated")
        return 1 if found else 0
    for part in chosen:
        if not asked.compile:
            update(part)
        compile_mo(part)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
