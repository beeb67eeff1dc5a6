"""Pages for a company clerk: the staff, and a list on its way in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kaimen.register import access, staff_actions, staff_page, staff_queries
from kaimen.register.access import PostRequest, post_required
from kaimen.register.models import Employment
from kaimen.register.staff_forms import StaffListForm
from kaimen.register.staff_models import StaffList

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RECENT = 6


@post_required("register.see_staff")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def staff(request: PostRequest) -> HttpResponse:
    """Those at work at the clerk's organisation. The search is a POST: names stand in no address and no log."""
    words = request.POST.get("q", "").strip()[:60]
    found = staff_queries.staff(request.post_held, words)
    page = request.POST.get("page") or request.GET.get("page", "1")
    context = {
        "words": words,
        "page": Paginator(found, staff_page.PER_PAGE).get_page(page),
        "total": staff_queries.staff(request.post_held, "").count(),
        "may_import": access.grants(request.post_held, "register.import_staff"),
        "lists": staff_queries.staff_lists(request.post_held)[:_RECENT],
    }
    return render(request, "register/staff.html", context)


@post_required("register.import_staff")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def left(request: PostRequest, employment_id: UUID) -> HttpResponse:
    """Somebody has left; asked once more, with what it does."""
    employment = access.one(request.post_held, "register.import_staff", Employment, employment_id)
    if request.method == "POST":
        staff_actions.leave(request.post_held, employment)
        words = _("%(name)s has left and is on no list any more.")
        messages.success(request, words % {"name": employment.name})
        return redirect("register:staff")
    return render(request, "register/staff_left.html", {"one": employment})


@post_required("register.import_staff")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bring(request: PostRequest) -> HttpResponse:
    """Choose a file."""
    form = StaffListForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = StaffListForm(request.POST, request.FILES)
        brought = form.bring(request.post_held) if form.is_valid() else None
        if brought is not None:
            return redirect("register:staff-list", brought.pk)
    context = {
        "form": form,
        "columns": staff_page.column_words(staff_queries.columns()),
        "lists": staff_queries.staff_lists(request.post_held)[:_RECENT],
    }
    return render(request, "register/staff_import.html", context, status=400 if form.errors else 200)


@post_required("register.import_staff")
@require_GET
def sample(request: PostRequest) -> HttpResponse:
    """A blank list to fill in."""
    return _download(staff_page.sample_file(staff_queries.columns()), _("staff list") + ".xlsx")


@post_required("register.import_staff")
@require_GET
@never_cache
def staff_list(request: PostRequest, list_id: UUID) -> HttpResponse:
    """What a list would do; once taken, what it did."""
    brought = _brought(request, list_id)
    if hasattr(brought, "taken"):
        return _taken(request, brought)
    if brought.content is None:
        raise Http404("nobody confirmed this list within a day, and it was forgotten")
    preview = staff_page.Preview(brought)
    tab = preview.tab(request.GET.get("show", ""))
    page = preview.page(tab, request.GET.get("page", "1"))
    context = {"brought": brought, "preview": preview, "tab": tab, "page": page}
    return render(request, "register/staff_list.html", context)


def _taken(request: PostRequest, brought: StaffList) -> HttpResponse:
    wrong: list[staff_page.Wrong] = []
    if brought.content is not None:
        draft = staff_queries.draft(brought)
        wrong = list(staff_page.wrong_cells(draft.wrong[: staff_page.PER_PAGE], draft.headings))
    context = {
        "brought": brought,
        "taken": brought.taken,
        "wrong": wrong,
        "headline": staff_page.headline(brought.taken),
    }
    return render(request, "register/staff_taken.html", context)


@post_required("register.import_staff")
@require_POST
def take(request: PostRequest, list_id: UUID) -> HttpResponse:
    """The clerk's word: employ the good rows."""
    brought = _brought(request, list_id)
    try:
        staff_actions.take(request.post_held, brought, request.POST.get("answer", ""))
    except staff_actions.AnotherAnswer:
        messages.warning(
            request, _("The staff changed while you were looking. These are the numbers now; please confirm again.")
        )
    return redirect("register:staff-list", brought.pk)


@post_required("register.import_staff")
@require_POST
def drop(request: PostRequest, list_id: UUID) -> HttpResponse:
    """Forget a list."""
    staff_actions.drop(request.post_held, _brought(request, list_id))
    messages.success(request, _("The list was thrown away. Nothing of it was taken."))
    return redirect("register:staff-import")


@post_required("register.import_staff")
@require_GET
@never_cache
def marked(request: PostRequest, list_id: UUID) -> HttpResponse:
    """The wrong rows, marked, as a spreadsheet."""
    brought = _brought(request, list_id)
    if brought.content is None:
        raise Http404("there are no wrong rows, or they were forgotten after a day")
    draft = staff_queries.draft(brought)
    return _download(staff_page.marked_file(draft), _("staff to correct") + ".xlsx")


def _brought(request: PostRequest, list_id: UUID) -> StaffList:
    return access.one(request.post_held, "register.import_staff", StaffList, list_id)


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=_XLSX,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "Cache-Control": "no-store",
        },
    )
