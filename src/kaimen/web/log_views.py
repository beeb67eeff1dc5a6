"""The log for machines: tiles and checkpoints as C2SP tlog-tiles serves them, proofs, cosignatures coming in.

Everybody may read all of it; it says nothing about anybody. `kaimen-witness` and any tlog client read from here.
"""

import base64
import hashlib

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_POST, require_safe

from kaimen.ledger import queries, signing, witnesses
from kaimen.ledger.models import Checkpoint, PublicObject
from kaimen.ledger.tiles import content, tree_of
from kaimen.ledger.tiles import openings as opened
from kaimen.proofs.checkpoints import NotACheckpoint
from kaimen.proofs.merkle import leaf_hash
from kaimen.proofs.notes import NotANote, NotSigned
from kaimen.proofs.tiles import NotATile, Tile
from kaimen.register.access import public

LONGEST_NOTE = 16 * 1024  # bytes of a note with cosignatures
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


def _note(request: HttpRequest) -> tuple[Checkpoint, str]:
    found = queries.checkpoint(witnessed="witnessed" in request.GET)
    if found is None:
        raise Http404("the log has signed nothing yet")
    return found, str(queries.note(found))


def _note_tag(request: HttpRequest) -> str | None:
    try:
        return _tag(_note(request)[1].encode())
    except Http404:
        return None


@public
@require_safe
@condition(etag_func=_note_tag)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint with its cosignatures; with `?witnessed`, the newest a witness has seen."""
    return _answer(_note(request)[1].encode(), _TEXT, _ASK_AGAIN)


def _tile_tag(request: HttpRequest, path: str) -> str | None:
    """What stands in a tile of a log never changes, so its name will do."""
    log = signing.current()
    return _tag(f"{log.origin} {path}".encode()) if log else None


@public
@require_safe
@condition(etag_func=_tile_tag)
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries."""
    try:
        return _answer(content(Tile.read_path(f"tile/{path}")), _BYTES, _FOREVER)
    except NotATile as error:
        raise Http404(str(error)) from error


@public
@require_safe
def leaf(request: HttpRequest, index: int) -> HttpResponse:
    """A leaf and the proof that it stands in the newest signed tree; nothing that its commitment hides."""
    found, under = queries.leaf_at(index), queries.checkpoint(beyond=index)
    if found is None or under is None:
        raise Http404(f"leaf {index} is not in the signed log yet")
    path = tree_of(under.size).inclusion_path(index)
    answer = JsonResponse({
        "leaf_index": index,
        "tree_size": under.size,
        "leaf": _base64(found.data),
        "leaf_hash": _base64(leaf_hash(found.data)),
        "root": _base64(bytes(under.root)),
        "proof": [_base64(step) for step in path],
        "checkpoint": str(queries.note(under)),
    })  # fmt: skip
    answer["Cache-Control"] = _ASK_AGAIN
    return answer


@public
@require_safe
@condition(etag_func=lambda request, digest: f'"{digest}"')
def public_object(request: HttpRequest, digest: str) -> HttpResponse:
    """What a leaf names by its SHA-256 (in hexadecimal): the text of rules, a published list."""
    try:
        found = PublicObject.objects.filter(digest=bytes.fromhex(digest)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404("nothing with this SHA-256 was published")
    return _answer(bytes(found.data), _BYTES, _FOREVER)


@public
@csrf_exempt  # a witness has no session; its signature says who it is
@require_POST
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take in cosignatures: the body is a checkpoint of this log with the lines of witnesses under it."""
    body = request.read(LONGEST_NOTE + 1)
    if len(body) > LONGEST_NOTE:
        return _refused(413, f"a note of more than {LONGEST_NOTE} bytes")
    refusals: list[tuple[type[Exception], int]] = [
        (NotANote, 400), (NotACheckpoint, 400), (NotSigned, 403), (witnesses.NotThisLogs, 409),
    ]  # fmt: skip
    try:
        taken = witnesses.take_in(body)
    except tuple(kind for kind, _ in refusals) as error:
        return _refused(next(status for kind, status in refusals if isinstance(error, kind)), str(error))
    if not taken:
        return _refused(403, "no line of a witness that is registered here")
    return HttpResponse(status=204)


@require_safe
def openings(request: HttpRequest, path: str) -> HttpResponse:
    """The openings of an entry bundle, for a witness that is given them and signs its request."""
    try:
        signature = base64.b64decode(request.headers.get("Kaimen-Signature", ""), validate=True)
    except ValueError:
        signature = b""
    asked = witnesses.Asked(
        request.headers.get("Kaimen-Witness", ""), request.path, request.headers.get("Kaimen-Time", ""), signature
    )
    if not witnesses.may_read_openings(asked):
        return _refused(401, "no fresh signature of a witness that openings are given to")
    try:
        data = opened(Tile.read_path(f"tile/entries/{path}"))
    except NotATile as error:
        return _refused(404, str(error))
    return HttpResponse(data, content_type=_BYTES, headers={"Cache-Control": "no-store"})


openings.access = "witness"  # type: ignore[attr-defined]


def _refused(status: int, why: str) -> HttpResponse:
    return JsonResponse({"error": why}, status=status)


def _answer(data: bytes, kind: str, kept: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": kept})


def _tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
