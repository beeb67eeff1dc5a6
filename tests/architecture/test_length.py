"""Files of 400 lines and functions of 40 at most."""

from pathlib import Path

from tests.architecture.length import complaints, read_exceptions, too_long
from tests.architecture.sources import files, nothing

_HERE = Path(__file__).parent


def test_no_file_has_more_than_400_lines_and_no_function_more_than_40() -> None:
    found = dict(finding for path in files(".py", ".js", ".html", ".scss") for finding in too_long(path))
    nothing(complaints(found, read_exceptions(_HERE / "exceptions.txt")))


def test_a_file_of_401_lines_is_found(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("x = 1\n" * 401)
    assert list(too_long(long)) == [("long.py", 401)]
    long.write_text("x = 1\n" * 400)
    assert list(too_long(long)) == []


def test_a_function_of_41_lines_is_found_wherever_it_stands(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("class A:\n    async def act(self):\n" + "        x = 1\n" * 40)
    assert list(too_long(long)) == [("long.py::act", 41)]


def test_an_exception_may_neither_grow_nor_outlive_its_need() -> None:
    assert complaints({"a.py": 420}, {"a.py": 420}) == []
    assert complaints({"a.py": 421}, {"a.py": 420}) == ["a.py has 421 lines; at most 420"]
    assert complaints({"a.py": 410}, {"a.py": 420}) == ["a.py is excepted with 420 lines and has 410: shorten the list"]
    assert complaints({}, {"a.py::f": 50}) == ["a.py::f is excepted with 50 lines and has few: shorten the list"]
