"""One commit for all that waits: while one disk write is under way, whoever comes next joins the one after.

SQLite has one writer per file, and who waits for it in there sleeps and looks again, longer each time. The threads of
one process wait for each other here instead, and are woken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


@dataclass(eq=False)
class _Waiting(Generic[Asked, Done]):
    asked: Asked
    answer: Done | Exception | None = None


class GroupCommit(Generic[Asked, Done]):
    """Hands what threads ask for to `work`, in the order it came, together with whatever came meanwhile."""

    def __init__(self, work: Callable[[list[Asked]], list[Done | Exception]], most: int = 16) -> None:
        """`work` does a list of things in one transaction, at most `most`, and gives for each a result or an error."""
        self._work, self._most = work, most
        self._waiting: list[_Waiting[Asked, Done]] = []
        self._turn = Lock()

    def do(self, asked: Asked) -> Done:
        """Do one thing. Raises what `work` gave for it; what `work` raised, each of its group is told."""
        mine: _Waiting[Asked, Done] = _Waiting(asked)
        self._waiting.append(mine)
        while mine.answer is None:
            with self._turn:  # whoever has the turn works for all who wait
                if mine.answer is None:
                    self._next_group()
        if isinstance(mine.answer, Exception):
            raise mine.answer
        return mine.answer

    def _next_group(self) -> None:
        group = self._waiting[: self._most]
        del self._waiting[: len(group)]  # and none that came since
        try:
            answers = self._work([one.asked for one in group])
        except Exception as error:  # handed on to every thread of the group
            answers = [error] * len(group)
        for one, answer in zip(group, answers, strict=True):
            one.answer = answer
