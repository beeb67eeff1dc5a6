"""On which line of a JSON text each value stands. Asked only when something there is wrong."""

from bisect import bisect_right
from json import JSONDecoder

Path = tuple[str | int, ...]
_SPACE = " \t\r\n"


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of each path of sound JSON."""
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    found: dict[Path, int] = {}
    decoder = JSONDecoder()

    def skip(at: int) -> int:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        return at

    def walk(at: int, path: Path) -> int:
        at = skip(at)
        found.setdefault(path, bisect_right(starts, at))
        if text[at] not in "{[":
            return decoder.raw_decode(text, at)[1]
        end_mark = "}" if text[at] == "{" else "]"
        at, index = skip(at + 1), 0
        while text[at] != end_mark:
            key: str | int = index
            if end_mark == "}":
                key, after = decoder.raw_decode(text, at)
                found[*path, key] = bisect_right(starts, at)
                at = skip(after) + 1  # past the colon
            at = skip(walk(at, (*path, key)))
            at, index = skip(at + 1) if text[at] == "," else at, index + 1
        return at + 1

    if text.strip():
        walk(0, ())
    return found
