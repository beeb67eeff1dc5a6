"""What is wrong with a pack: where, what, and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        where = self.file if self.file.isprintable() else ascii(self.file)  # a name may hold terminal commands
        return f"{where}:{self.line}: {self.what}. {self.remedy}"


class Wrong(ValueError):
    """Raised by a kind's `parse` or `check`: what is wrong at `path` (keys and indexes) and what would be right."""

    def __init__(self, what: str, remedy: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{what}. {remedy}")
        self.what, self.remedy, self.path = what, remedy, path
