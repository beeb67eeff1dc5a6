"""A laboratory sends its results: real HTTP against the real server, the key on its own disk."""

import base64
from pathlib import Path

import pytest

from kaimen.kit.keys import SigningKey
from kaimen.status import authorities, queries, source_keys
from kaimen.status.models import Evidence
from kaimen.status.tests.conftest import (  # noqa: F401 — fixtures
    MONDAY,
    YEAR,
    accredit,
    centre,
    genesis,
    hospital,
    keepers,
    keys_of_its_own,
    monday_morning,
    person,
    ratified,
    rules,
    subject,
)
from kaimen_source.command import main
from kaimen_source.keeping import KEY, Folder

pytestmark = pytest.mark.django_db
ROW = "王试,370299199001011236,2020-03-16 09:30,positive\n"
HEAD = "name,number,seen,test_result\n"


@pytest.fixture
def laboratory(live_server, hospital, keepers, ratified, tmp_path, capsys):  # noqa: F811
    """A folder whose key is enrolled and accredited for tests."""
    folder = tmp_path / "laboratory"
    init = ["init", "--data", str(folder), "--server", live_server.url, "--source", "hospital"]
    assert main([*init, "--genesis", bytes(hospital.genesis.leaf_hash).hex()]) == 0
    raw = base64.b64decode(capsys.readouterr().out)
    source_keys.enrol(hospital.officer, hospital.row, raw, "化验室")
    wanted = authorities.Wanted(hospital.row, raw, ("test",), MONDAY, MONDAY + YEAR)
    ratified(authorities.propose_accreditation(keepers[0].post, wanted))
    return folder


@pytest.fixture
def send(laboratory, tmp_path, capsys):
    """`send(text)`: the status, and what was said."""

    def run(text: str, of: str = "test") -> tuple[int, str]:
        file = tmp_path / "results.csv"
        file.write_text(text, "utf-8")
        status = main(["send", str(file), "--of", of, "--data", str(laboratory)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_a_list_is_signed_sent_and_colours_follow(send, person):  # noqa: F811
    assert send(HEAD + ROW) == (0, "1 taken\n")
    assert queries.own_colour(person).colour.slug == "yellow"


def test_the_same_list_again_sends_the_same(send, person):  # noqa: F811
    send(HEAD + ROW)
    assert send(HEAD + ROW) == (0, "1 known\n")
    assert Evidence.objects.count() == 1


def test_words_of_either_language_are_codes_and_old_spreadsheets_are_read(laboratory, tmp_path, person, capsys):  # noqa: F811
    file = tmp_path / "gb.csv"
    file.write_bytes((HEAD + ROW.replace("positive", "阳性")).encode("gb18030"))
    assert main(["send", str(file), "--of", "test", "--data", str(laboratory)]) == 0


def test_a_list_with_a_mistake_is_not_sent_and_every_mistake_is_named(send, person):  # noqa: F811
    wrong = "李试,,2020-03-16,positive,,,\n李试,,2020-03-16,positive\n王试,370299199001011236,yesterday,maybe\n"
    status, said = send(HEAD + ROW + wrong)
    assert status == 2
    assert "line 3: it has more cells" in said
    assert "line 4: number is empty" in said
    assert "line 5: test_result is 'maybe'; write one of positive, negative" in said
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("text", ["", HEAD, "name,number\n", "\0", "name,number,seen,test_result,petition\n"])
def test_what_is_no_list_is_answered_in_one_line(send, text):
    status, said = send(text)
    assert status == 2
    assert said.startswith("kaimen-source: ")


def test_somebody_who_is_not_on_file_is_named_by_line_and_the_rest_is_taken(send, person):  # noqa: F811
    status, said = send(HEAD + "李试,370299199001011236,2020-03-16,positive\n" + ROW)
    assert status == 1
    assert "line 2: " in said
    assert said.endswith("1 refused, 1 taken\n")


def test_the_folder_says_nothing_about_anybody(send, laboratory, person):  # noqa: F811
    send(HEAD + ROW)
    held = b"".join(path.read_bytes() + path.name.encode() for path in laboratory.rglob("*") if path.is_file())
    assert "王试".encode() not in held
    assert b"370299199001011236" not in held
    assert (laboratory / KEY).stat().st_mode & 0o077 == 0


def test_a_server_of_another_log_gets_nothing(laboratory, live_server, tmp_path, capsys):
    other = tmp_path / "other"
    main(["init", "--data", str(other), "--server", live_server.url, "--source", "hospital", "--genesis", "0" * 64])
    assert main(["columns", "--of", "test", "--data", str(other)]) == 2
    assert "send nothing, ask them" in capsys.readouterr().err


def test_a_key_that_nobody_accredited_sends_nothing(live_server, hospital, person, tmp_path, capsys):  # noqa: F811
    folder = tmp_path / "stranger"
    genesis_ = bytes(hospital.genesis.leaf_hash).hex()
    main(["init", "--data", str(folder), "--server", live_server.url, "--source", "hospital", "--genesis", genesis_])
    file = tmp_path / "results.csv"
    file.write_text(HEAD + ROW, "utf-8")
    assert main(["send", str(file), "--of", "test", "--data", str(folder)]) == 2
    assert not Evidence.objects.exists()


def test_columns_are_those_of_the_rules_in_force(laboratory, capsys):
    assert main(["columns", "--of", "test", "--data", str(laboratory)]) == 0
    assert capsys.readouterr().out == HEAD
    assert main(["columns", "--of", "mood", "--data", str(laboratory)]) == 2


def test_a_folder_is_of_one_source(laboratory, live_server, capsys):
    about = ["init", "--data", str(laboratory), "--server", live_server.url, "--source", "clinic"]
    assert main([*about, "--genesis", "0" * 64]) == 2
    assert main(["send", "nothing.csv", "--of", "test", "--data", str(Path("/nowhere"))]) == 2
    assert isinstance(Folder.at(laboratory).key, SigningKey)
