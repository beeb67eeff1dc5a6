"""Threads that wait for one disk: none forgotten, each told its own, together where they came together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from kaimen.gate.group_commit import GroupCommit


def test_each_thread_is_told_what_became_of_its_own():
    group = GroupCommit[int, int](lambda asked: [one * 2 for one in asked])
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(group.do, range(1, 400))) == [one * 2 for one in range(1, 400)]


def test_who_comes_during_a_write_shares_the_next_one():
    writing, go_on, groups = Event(), Event(), []

    def work(asked: list[int]) -> list[int | Exception]:
        groups.append(sorted(asked))
        writing.set()
        assert go_on.wait(10)
        return [*asked]

    group = GroupCommit[int, int](work, most=3)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(group.do, 1)
        assert writing.wait(10)
        others = [threads.submit(group.do, number) for number in range(2, 7)]
        while len(group._waiting) < len(others):
            pass
        go_on.set()
        assert [one.result(10) for one in (first, *others)] == [1, 2, 3, 4, 5, 6]
    assert [len(one) for one in groups] == [1, 3, 2]


def test_an_error_is_raised_where_it_belongs():
    group = GroupCommit[int, int](lambda asked: [ValueError(str(one)) if one % 2 else one for one in asked])
    assert group.do(2) == 2
    with pytest.raises(ValueError, match="3"):
        group.do(3)


def test_a_disk_that_fails_fails_for_all_and_takes_the_next():
    disks = iter([OSError("full"), None])

    def work(asked: list[int]) -> list[int | Exception]:
        if error := next(disks):
            raise error
        return [*asked]

    group = GroupCommit[int, int](work)
    with pytest.raises(OSError, match="full"):
        group.do(1)
    assert group.do(1) == 1
