"""Ids sort by the time they were made."""

from kaimen.kit.ids import new_id


def test_ids_are_version_seven_unique_and_sorted() -> None:
    made = [new_id() for _ in range(1000)]
    assert {one.version for one in made} == {7}
    assert len(set(made)) == 1000
    assert made == sorted(made)
