"""A definition that could not work is refused with file, line and what would be right."""

import re
import shutil
from pathlib import Path

import pytest

from kaimen.packs import PackRefused, read_folder

ROOT = Path(__file__).resolve().parents[4]
GOOD = (ROOT / "packs/qingdao-2020/cases/tender-approval.yaml").read_text("utf-8")


def complaint(tmp_path: Path, old: str, new: str, *, calendar: str = "") -> str:
    """What `pack check` says of a pack with the services of Qingdao, of which one has a part changed."""
    pack = tmp_path / "qingdao-2020"
    for name in ("areas", "cases"):
        shutil.copytree(ROOT / "packs/qingdao-2020" / name, pack / name)
    for name in ("pack.yaml", "calendar.yaml", "roles.yaml", "laws.yaml"):
        shutil.copy(ROOT / "packs/qingdao-2020" / name, pack / name)
    assert old in GOOD
    (pack / "cases/tender-approval.yaml").write_text(GOOD.replace(old, new, 1), "utf-8")
    if calendar:
        path = pack / "calendar.yaml"
        path.write_text(re.sub(calendar, "", path.read_text("utf-8"), count=1), "utf-8")
    with pytest.raises(PackRefused) as refused:
        read_folder(pack)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("after: document land-evidence", "after: bid-opening", "wait for each other: .*check"),
        ("formal-opinion]\ng", "formal-opinion, document paper-copies]\ng", "ever reaches bid-opening: paper-copies"),
        ("by: tender-officer", "by: tender-clerk", "no role of this pack. Name one of: applicant, system"),
        ("waits: P20D", "waits: P10D", "P10D, and 招标投标法 第二十四条 says at least P20D. Write P20D"),
        ("waits: P20D", "waits: 20WD", "20WD cannot be compared with P20D"),
        ("{after: 5WD", "{after: 6WD", "6WD, and 行政许可法 第三十二条 says at most 5WD"),
        ("law: tender-period", "law: tender-time", "tender-time is no law of laws.yaml"),
        ("means: taken in", "means: granted", "taken in"),
        ("title: {zh-Hans: 开标, en: Bids are opened}", "title: {zh-Hans: 开标}", "en"),
        ("after: check\n", "after: chekc\n", "waits for the step chekc, which is not here"),
        ("when: project_is_key", "when: project_is_kee", "project_is_kee"),
        ("before: bid-opening", "before: check", "that step does not wait for it"),
        ("stand_in: simulated-opinion", "stand_in: paper-copies", "no document that is asked for"),
        ("type: boolean", "type: choice", "of the type choice and has no choices"),
        ("    within: same working day", "    waits: P1D", "both done by somebody and a period"),
        ("  - id: publish-notice", "  - id: check", "two steps check"),
        ("  - id: bid-opening", "  - id: bid-opening\n    verifies: yes", "verifies"),
        ("within: same working day", "within: soon", "within"),
    ],
)  # fmt: skip
def test_it_is_refused_with_file_line_and_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    told = complaint(tmp_path, old, new)
    assert re.search(rf"cases/tender-approval\.yaml:\d+: .*{said}", told), told


def test_a_clock_in_working_hours_needs_office_hours(tmp_path: Path) -> None:
    told = complaint(tmp_path, "within: same working day", "within: 4WH", calendar=r"(?s)hours:.*?(?=notices:)")
    assert "4WH counts working hours, and calendar.yaml names none. Add `hours`" in told


def test_somebody_who_verifies_comes_after_an_office(tmp_path: Path) -> None:
    told = complaint(tmp_path, "    within: same working day", "    within: same working day\n    verifies: true")
    assert "check verifies, and no office has done anything before it" in told
