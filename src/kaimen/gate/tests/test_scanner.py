"""The guard's phone becomes a node and stops being one; the page it keeps is nobody's."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from kaimen.gate import actions, kept_files, kept_pages, snapshots
from kaimen.gate.kept_pages import KeptPage
from kaimen.gate.models import Node, NodeInvitation, NodeRevoked
from kaimen.gate.pass_views import PASS
from kaimen.gate.scanner_views import SCANNER
from kaimen.gate.tests.conftest import MONDAY, text
from kaimen.kit import clock
from kaimen.kit.keys import SigningKey
from kaimen_gate import wire

pytestmark = pytest.mark.django_db(databases=["default", "events"])
ADDRESS = "/gates/ferry-house/scanner/"


def enrols(client, code, key):
    """What the centre answers to a phone that comes with a code."""
    said = {"code": code, "public_key": base64.b64encode(key.public.raw).decode(), "name": "its own"}
    return client.post("/api/gate/nodes", json.dumps(said), content_type="application/json")


def found(pattern, where):
    """The one thing that stands there."""
    [one] = re.findall(pattern, where)
    return one


def test_a_guard_makes_the_phone_a_node_of_this_place_alone(signed_in_as, ferry_house, client):
    guard = signed_in_as("guard")
    assert "把这部手机设为门岗终端" in text(guard.get(ADDRESS))
    said = guard.post(ADDRESS).json()
    assert enrols(client, said["code"], SigningKey.generate()).status_code == 201
    node = Node.objects.get()
    assert [place.code for place in node.places.all()] == ["ferry-house"]
    assert node.name.endswith(said["name"])  # people see whose phone it is, whatever the phone calls itself


def test_the_code_of_a_phone_is_good_for_minutes_and_once(signed_in_as, ferry_house, client):
    guard = signed_in_as("guard")
    first, second = guard.post(ADDRESS).json()["code"], guard.post(ADDRESS).json()["code"]
    assert enrols(client, first, SigningKey.generate()).status_code == 201
    assert enrols(client, first, SigningKey.generate()).status_code == 403
    with clock.frozen(MONDAY + timedelta(minutes=10)):
        assert enrols(client, second, SigningKey.generate()).status_code == 403


def test_nobody_without_the_post_of_a_guard_enrols_a_phone(signed_in_as, ferry_house):
    assert signed_in_as("company-clerk").post(ADDRESS).status_code == 403
    assert signed_in_as("guard").post("/gates/nowhere/scanner/").status_code == 404
    assert not NodeInvitation.objects.exists()


def test_the_shell_is_the_same_for_everybody_and_asks_for_nothing_inline(signed_in_as, client, ferry_house):
    page = client.get(reverse("gate:scanner", args=["zh-hans"]))
    assert page.content == signed_in_as("guard").get(reverse("gate:scanner", args=["zh-hans"])).content
    assert "'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "camera=(self)" in page["Permissions-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", text(page))
    assert client.get("/scanner/fr/").status_code == 404


def test_the_page_that_enrols_may_use_no_camera(signed_in_as, ferry_house):
    page = signed_in_as("guard").get(ADDRESS)
    assert "wasm-unsafe-eval" not in page["Content-Security-Policy"]
    assert "camera=()" in page["Permissions-Policy"]


@pytest.fixture(params=[SCANNER, PASS], ids=["scanner", "pass"])
def kept_page(request):
    """A page that phones keep."""
    return request.param


def test_the_worker_keeps_every_file_the_page_names(client, kept_page):
    script = text(client.get(reverse(f"gate:{kept_page.name}-worker")))
    kept = json.loads(found(r"const FILES = (\[.*\]);", script))
    page = text(client.get(reverse(f"gate:{kept_page.name}", args=["en"])))
    named = re.findall(r'(?:src|href|data-wasm)="(/[^"]*)"', page)
    assert {one for one in named if not one.startswith(("/gates/", "/me/"))} <= set(kept)
    assert len(kept) == len(kept_page.files) + 4


def test_everything_a_module_of_the_page_imports_is_kept(kept_page):
    kept = set(kept_page.files)
    for name in kept:
        path = kept_files.source_of(name)
        if path is not None and path.suffix == ".js":
            for imported in re.findall(r'from "(\.[^"]+)"', path.read_text("utf-8")):
                assert kept_files.resolved(name, imported) in kept, f"{name} imports {imported}"


def test_the_worker_keeps_files_under_another_name_when_one_changed(kept_page):
    fewer = KeptPage(
        kept_page.name, kept_page.template, kept_page.files[1:], kept_page.icon, kept_page.titles, kept_page.context
    )
    same = KeptPage(
        kept_page.name, kept_page.template, kept_page.files, kept_page.icon, kept_page.titles, kept_page.context
    )
    assert kept_pages.version(same) == kept_pages.version(kept_page) != kept_pages.version(fewer)


def test_the_manifest_lies_within_the_scope_of_the_worker(client, kept_page):
    said = client.get(reverse(f"gate:{kept_page.name}-manifest", args=["en"])).json()
    assert said["scope"] == f"/{kept_page.name}/"
    assert said["start_url"].startswith(said["scope"])
    assert said["display"] == "standalone"
    assert said["lang"] == "en"
    assert client.get(reverse(f"gate:{kept_page.name}-manifest", args=["fr"])).status_code == 404


def test_the_kept_pass_is_the_same_for_everybody_and_runs_nothing_inline(client):
    page = client.get("/pass/zh-hans/")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", text(page))
    assert client.get("/pass/fr/").status_code == 404


def post_signed(client, node, at=None):
    headers = node.asks("/api/gate/shift-ends", at)
    time = headers["Kaimen-Time"]
    signature = node.key.sign(f"POST /api/gate/shift-ends\n{time}".encode())
    headers["Kaimen-Signature"] = base64.b64encode(signature).decode()
    return client.post("/api/gate/shift-ends", headers=headers)


def test_the_end_of_a_shift_takes_the_phone_out_of_service(client, node, send):
    node.enter()
    assert post_signed(client, node).status_code == 200
    assert NodeRevoked.objects.get().reason == "shift-ended"
    answer = send(node.batch())
    assert answer.status_code == 401
    assert answer.json()["revoked"] is True  # the word on which a lost phone wipes itself


def test_only_the_phone_itself_ends_its_shift(client, node):
    headers = node.asks("/api/gate/shift-ends")  # signed to GET, not to POST
    assert client.post("/api/gate/shift-ends", headers=headers).status_code == 401
    assert client.post("/api/gate/shift-ends").json()["revoked"] is False
    assert not NodeRevoked.objects.exists()


def test_every_answer_to_a_node_says_what_time_it_is_here(client, node):
    assert client.get("/api/gate/lists", headers=node.asks("/api/gate/lists"))["Kaimen-Clock"] == MONDAY.isoformat()


def test_a_supervisors_new_phone_pass_stands_in_the_next_list(ferry_house, post):
    chief, before = post("building-manager", ferry_house).person, snapshots.list_numbers([ferry_house])
    issued = actions.issue_pass(None, chief, "phone")
    assert snapshots.list_numbers([ferry_house]) != before
    assert issued.index in snapshots.snapshot_of(ferry_house).supervisors


def test_a_phone_gets_no_list_but_that_of_its_place(client, node):
    path = "/api/gate/lists/harbour-tower"
    assert client.get(path, headers=node.asks(path)).status_code == 404
    path = "/api/gate/lists/ferry-house"
    body = wire.read_snapshot(client.get(path, headers=node.asks(path)).content, snapshots.centre_key().public)
    assert body.place == "ferry-house"
