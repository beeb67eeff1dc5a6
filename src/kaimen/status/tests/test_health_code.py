"""Another health-code service: seven outcomes, and a door that does not wait for a dead line."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from kaimen.kit import clock
from kaimen.packs import read_folder
from kaimen.status.definitions import WITHOUT_COLOUR, HealthCodeService, Outcome
from kaimen.status.health_code import FAILURES_IN_A_ROW, LARGEST_ANSWER, OPERATIONS, Breaker, HealthCodes
from kaimen.status.tests.stand_in_health_code import running

NOBODY = "370299199001011236"


@dataclass
class Watch:
    """A clock that is turned by hand."""

    at: float = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def service(request) -> HealthCodeService:
    pack = read_folder(request.config.rootpath / "packs" / "template")
    return pack.one(HealthCodeService)


@pytest.fixture
def stand_in():
    with running() as one:
        yield one


@pytest.fixture
def line(stand_in, service):
    codes = HealthCodes.at(stand_in.url, "token-of-ours", replace(service, within=timedelta(seconds=0.2)))
    yield codes
    codes.client.close()


@pytest.mark.parametrize("colour", ["green", "yellow", "red"])
def test_a_colour_is_given_on_as_it_came(line, stand_in, colour):
    stand_in.answers(outcome=colour)
    assert line.query("王试", NOBODY).outcome == colour


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "not-found"), (410, "expired"), (422, "verification-failed"), (500, "timed-out")]
)
def test_what_is_no_colour_has_an_outcome_of_its_own(line, stand_in, status, outcome):
    stand_in.answers(status)
    assert line.verify_code("QD:1").outcome == outcome


def test_a_code_that_has_ended_is_expired_whatever_its_colour(line, stand_in):
    stand_in.answers(outcome="green", until="2020-03-16T08:00:00+08:00")
    with clock.frozen(datetime(2020, 3, 15, 23, 59, tzinfo=UTC)):
        assert line.verify_code("QD:1").outcome == "green"
    with clock.frozen(datetime(2020, 3, 16, 0, 0, tzinfo=UTC)):
        assert line.verify_code("QD:1").outcome == "expired"


@pytest.mark.parametrize(
    "says", [b"", b"<html>", b"[]", b'{"outcome": "blue"}', b'{"outcome": "red", "until": 7}', b"[" * 5000]
)
def test_an_answer_nobody_can_read_proves_nothing(line, stand_in, says):
    stand_in.says = says
    assert line.verify_code("QD:1").outcome == "verification-failed"


def test_an_endless_answer_is_not_swallowed(line, stand_in):
    stand_in.says = b'{"outcome": "green"}' + b" " * LARGEST_ANSWER
    assert line.query("王试", NOBODY).outcome == "verification-failed"


def test_silence_is_timed_out_after_the_tries_of_the_pack(line, stand_in, service):
    stand_in.hangs.set()
    assert line.query("王试", NOBODY).outcome == "timed-out"
    assert len(stand_in.asked) == service.tries


def test_a_dead_line_is_left_alone_and_tried_again_after_its_rest(line, stand_in):
    watch = Watch()
    line.breaker = Breaker(30, watch)
    stand_in.answers(503)
    for _ in range(FAILURES_IN_A_ROW + 3):
        assert line.query("王试", NOBODY).outcome == "timed-out"
    assert len(stand_in.asked) == FAILURES_IN_A_ROW
    watch.at += 30
    stand_in.answers(outcome="green")
    assert line.query("王试", NOBODY).outcome == "green"
    assert line.breaker.asks()


def test_each_operation_of_the_standard_has_its_address_and_no_address_names_anybody(line, stand_in):
    line.declare(NOBODY, {"fever": False})
    line.declare_trip(NOBODY, {"from": "370200", "to": "370212"})
    line.query("王试", NOBODY)
    line.request_code(NOBODY)
    line.make_code(NOBODY, "13800000000")
    line.verify_code("QD:1")
    line.correct(NOBODY, "名字写错了")
    assert [path for path, _said, _token in stand_in.asked] == [f"/v1/{name}" for name in OPERATIONS]
    assert {token for _path, _said, token in stand_in.asked} == {"Bearer token-of-ours"}


def test_what_comes_with_an_outcome_is_handed_on(line, stand_in):
    stand_in.answers(outcome="green", code="QD:123", until="2999-01-01T00:00:00+08:00")
    assert line.request_code(NOBODY).said == {"code": "QD:123"}


@pytest.mark.parametrize("name", ["template", "qingdao-2020"])
def test_a_pack_says_what_each_outcome_without_a_colour_means(request, name):
    found = read_folder(request.config.rootpath / "packs" / name).one(HealthCodeService)
    assert set(found.rules) == set(WITHOUT_COLOUR) == set(Outcome) - {"green", "yellow", "red"}
