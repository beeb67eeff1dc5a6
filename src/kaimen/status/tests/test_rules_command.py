"""`kaimen rules`, as a process of its own: without a database, and whatever comes in."""

import json
import os
import subprocess
import sys
from pathlib import Path

KAIMEN = Path(sys.executable).parent / "kaimen"
QUESTION = {"id": "四", "when": "n > 3", "fields": {"n": {"type": "integer", "absent": "false"}}, "row": {"n": 4}}


def ran(tmp_path: Path, verb: str, *lines: bytes, language: str = "en") -> list[dict[str, object]]:
    """What the command says to some lines, in a folder where there is nothing."""
    environ = {"PATH": os.environ["PATH"], "KAIMEN_DATA": str(tmp_path)}
    command: list[str | Path] = [KAIMEN, "rules", verb, "--jsonl", "--language", language]
    done = subprocess.run(command, input=b"\n".join(lines), env=environ, cwd=tmp_path, capture_output=True, check=True)
    assert done.stderr == b""
    assert not list(tmp_path.rglob("*.sqlite3"))
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_is_answered_in_its_turn(tmp_path: Path) -> None:
    good = json.dumps(QUESTION, ensure_ascii=False).encode()
    bad = json.dumps(QUESTION | {"id": 2, "when": "true and n > '3'"}).encode()
    said = ran(tmp_path, "eval", good, b"no JSON", b"", b"\xff", bad, good)
    assert [one.get("value") for one in said] == [True, None, None, None, True]
    assert [one["id"] for one in said] == ["四", None, None, 2, "四"]
    assert said[3]["error"] == {
        "at": 9,
        "message": "n is an integer and '3' is text: they cannot be compared. "
        "Write the number without quotes, like 37.3.",
    }


def test_a_rule_is_put_in_its_form(tmp_path: Path) -> None:
    said = ran(tmp_path, "format", json.dumps(QUESTION | {"when": "(n>3)"}).encode(), b"{}", language="zh-hans")
    assert said[0]["when"] == "n > 3"
    assert "没有 when" in str(said[1]["error"])


def test_an_answer_comes_before_the_next_question(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "KAIMEN_DATA": str(tmp_path)}
    with subprocess.Popen(
        [KAIMEN, "rules", "eval", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps(QUESTION | {"id": number}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {"id": number, "value": True}
        process.stdin.close()
        assert process.wait() == 0
