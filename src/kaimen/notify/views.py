"""Pages of messages: one's own, the delivery log, letters to print."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from kaimen.notify import actions, queries
from kaimen.notify.models import Delivery, html_lang
from kaimen.register import access
from kaimen.register.access import PostRequest, post_required

_PAGE = 50


@post_required("notify.see_messages")
@require_safe
def messages(request: PostRequest) -> HttpResponse:
    """What was sent to me."""
    rows = Paginator(queries.messages_of(request.post_held.person), _PAGE).get_page(request.GET.get("page"))
    return render(request, "notify/messages.html", {"page": rows})


@post_required("notify.see_messages")
@require_safe
def message(request: PostRequest, message_id: UUID) -> HttpResponse:
    """One message to me; opening it marks it read."""
    found = get_object_or_404(queries.messages_of(request.post_held.person), pk=message_id)
    actions.mark_read(request.post_held, found)
    return render(request, "notify/message.html", {"message": found})


@post_required("notify.see_deliveries")
@require_safe
def deliveries(request: PostRequest) -> HttpResponse:
    """The delivery log of my area."""
    trouble = request.GET.get("only") == "trouble"
    rows = queries.deliveries(request.post_held, trouble_only=trouble)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    letters = queries.letters(request.post_held).count()
    titles = queries.titles()
    named = [(one, titles.get(one.text, one.text)) for one in page]
    about = {"page": page, "rows": named, "trouble": trouble, "letters": letters}
    return render(request, "notify/deliveries.html", about)


@post_required("notify.see_deliveries")
@require_safe
def letters(request: PostRequest) -> HttpResponse:
    """Letters that wait to be printed."""
    page = Paginator(queries.letters(request.post_held), _PAGE).get_page(request.GET.get("page"))
    return render(request, "notify/letters.html", {"page": page})


@post_required("notify.see_deliveries")
@require_safe
def letter(request: PostRequest, delivery_id: UUID) -> HttpResponse:
    """One letter, as it is printed: in the language of whom it is for."""
    delivery = _letter(request, delivery_id)
    message, language = delivery.message, delivery.language
    about = {
        "delivery": delivery,
        "title": message.title_in(language),
        "body": message.long_in(language),
        "lang": html_lang(language),
    }
    return render(request, "notify/letter.html", about)


@post_required("notify.see_deliveries")
@require_POST
def printed(request: PostRequest, delivery_id: UUID) -> HttpResponse:
    """The letter has been printed."""
    actions.mark_printed(_letter(request, delivery_id))
    return redirect("notify:letters")


def _letter(request: PostRequest, delivery_id: UUID) -> Delivery:
    mine = access.visible(request.post_held, Delivery).select_related("message", "person")
    return get_object_or_404(mine, pk=delivery_id, channel=Delivery.Channel.PRINT)
