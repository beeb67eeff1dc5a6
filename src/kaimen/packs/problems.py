"""What is wrong with a pack: where, what, and what would be right."""

from dataclasses import dataclass

from kaimen.kit.words import Words

Said = str | Words  # English alone: what only whoever checks a pack at a command line is told


@dataclass(frozen=True)
class Problem:
    """One mistake. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    what: Said
    remedy: Said

    def __str__(self) -> str:
        where = self.file if self.file.isprintable() else ascii(self.file)  # a name may hold terminal commands
        return f"{where}:{self.line}: {_to(self.what, 'en')}. {_to(self.remedy, 'en')}"

    def to(self, language: str) -> str:
        """The mistake and its remedy in one text, without the place."""
        what, remedy = _to(self.what, language), _to(self.remedy, language)
        return f"{what}. {remedy}." if language.lower().startswith("en") else f"{what}。{remedy}。"


class Wrong(ValueError):
    """Raised by a kind's `parse` or `check`: what is wrong at `path` (keys and indexes) and what would be right."""

    def __init__(self, what: Said, remedy: Said, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{_to(what, 'en')}. {_to(remedy, 'en')}")
        self.what, self.remedy, self.path = what, remedy, path


def _to(said: Said, language: str) -> str:
    return said.to(language) if isinstance(said, Words) else said
