"""Files of a pack: plain data with line numbers, and a refusal in words for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaimen.packs.problems import Problem
from kaimen.packs.reading import Read, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text("ab é中 ", max_size=8),
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=3), below, max_size=4)
    ),
    max_leaves=12,
)


def _read(text: str | bytes, name: str = "a.yaml") -> Read | Problem:
    return read(name, text if isinstance(text, bytes) else text.encode())


def test_yaml_is_version_1_2_and_dates_and_times_stay_text() -> None:
    result = _read("on: yes\nat: 22:00\nday: 2020-03-16\nn: 3\nrate: 0.5\nnone: ~\nquoted: '12'\n12: key\n")
    assert isinstance(result, Read)
    assert result.data == {
        "on": "yes", "at": "22:00", "day": "2020-03-16", "n": 3, "rate": 0.5, "none": None, "quoted": "12", "12": "key",
    }  # fmt: skip


def test_each_value_knows_its_line() -> None:
    result = _read("a:\n  - b: 1\n  - c:\n      d: 2\n")
    assert isinstance(result, Read)
    assert [result.line(path) for path in [("a",), ("a", 0, "b"), ("a", 1, "c", "d"), ("a", 1, "x"), ("q",)]] == [
        1, 2, 4, 3, 1,
    ]  # fmt: skip


def test_json_knows_its_lines_too() -> None:
    result = _read('{\n "a": [1,\n  {"b": "x\\"y"}],\n "c": {}\n}', "a.json")
    assert isinstance(result, Read)
    assert [result.line(path) for path in [("a",), ("a", 1, "b"), ("c",)]] == [2, 3, 4]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "stands twice"),
        ("12: x\n'12': y\n", 2, "stands twice"),
        ("a: &x [1]\nb: *x\n", 1, "anchor"),
        ("a: &a [*a]\n", 1, "anchor"),
        ("<<: {a: 1}\n", 1, "merge"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "tag"),
        ("a: !secret x\n", 1, "tag"),
        ("%YAML 1.1\n---\non: yes\n", 1, "directive"),
        ("? [a, b]\n: 1\n", 1, "key that is a list"),
        ("a: 0123\n", 1, "the number 0123"),
        ("a: .nan\n", 1, "the number"),
        ("a: 1e999\n", 1, "the number"),
        ("a: 1\n b: 2\n", 2, "not YAML"),
        ("a: [1, 2\n", 2, "not YAML"),
        ("--- 1\n--- 2\n", 2, "not YAML"),
        ('a: "\\0"\n', 1, "cannot be shown"),
        ("a: right\u202eleft\n", 1, "cannot be shown"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("[" * 3000, 1, "nested too deeply"),
        ("a: " + "[" * 60 + "]" * 60, 1, "nested too deeply"),
    ],
)
def test_yaml_that_is_not_plain_data_is_refused_at_its_line(text: str | bytes, line: int, words: str) -> None:
    problem = _read(text)
    assert isinstance(problem, Problem)
    assert words in str(problem)
    assert problem.line == line
    assert problem.remedy


def test_a_billion_laughs_are_refused_before_the_first() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    problem = _read(laughs)
    assert isinstance(problem, Problem)
    assert "anchor" in str(problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ("[NaN]", "NaN"),
        ("9" * 5000, "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 60 + "]" * 60, "nested too deeply"),
        ('{"\\ud800": 1}', "cannot be shown"),
        ('["\\u0000"]', "cannot be shown"),
    ],
)
def test_json_that_is_not_plain_data_is_refused(text: str, words: str) -> None:
    problem = _read(text, "a.geojson")
    assert isinstance(problem, Problem)
    assert words in str(problem)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str | bytes) -> None:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for name in ("a.yaml", "a.json"):
        assert isinstance(read(name, content), Read | Problem)


@given(JSON)
def test_json_read_as_json_and_as_yaml_is_the_same(value: object) -> None:
    import json

    text = json.dumps(value, indent=1)
    first, second = _read(text, "a.json"), _read(text, "a.yaml")
    assert isinstance(first, Read)
    assert first.data == value
    assert isinstance(second, Read)
    assert second.data == value


@given(JSON)
def test_the_line_of_every_path_of_json_lies_in_the_text(value: object) -> None:
    import json

    text = json.dumps({"top": value}, indent=1)
    result = _read(text, "a.json")
    assert isinstance(result, Read)
    assert result.line(("top",)) == 2
    assert result.lines is not None
    assert all(1 <= line <= text.count("\n") + 1 for line in result.lines.values())
