"""Whatever stands in a pack's files, it is read or refused in words; it never falls over."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaimen.packs import PackRefused, read_folder
from kaimen.packs.pack import _put_together
from kaimen.packs.reading import Read

TEMPLATE = read_folder(Path(__file__).resolve().parents[4] / "packs" / "template")
JUNK = st.recursive(
    st.sampled_from(
        [None, True, -1, 0, 10**17, 0.5, "", " ", "x", "2020-02-30", "22:00", "370212", "\u3000", "a" * 300]
    )
    | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "en", "x"]), below),
    max_leaves=4,
)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every container of the data with each key in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [data]
    while waiting:
        node = waiting.pop()
        pairs = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        found += [(node, key) for key, _ in pairs]
        waiting += [below for _, below in pairs]
    return found


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_any_value_put_anywhere_is_read_or_refused_in_words(draw: st.DataObject) -> None:
    name = draw.draw(st.sampled_from(sorted(TEMPLATE.data)))
    data = copy.deepcopy(TEMPLATE.data[name])
    for _ in range(draw.draw(st.integers(1, 2))):
        node, key = draw.draw(st.sampled_from(_places(data)))
        if draw.draw(st.booleans()):
            node[key] = draw.draw(JUNK)
        else:
            node.pop(key)
            if not _places(data):
                break
    reads = {file: Read(one, {}) for file, one in (TEMPLATE.data | {name: data}).items()}
    try:
        _put_together(TEMPLATE.files, reads, [])
    except PackRefused as refused:
        problems = refused.problems
    else:
        problems = []
    assert all(problem.what and problem.remedy and problem.file for problem in problems)
