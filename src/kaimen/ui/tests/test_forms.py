"""Forms ask as Kaimen asks."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from kaimen.ui.fields import ask, unexplained
from kaimen.ui.forms import KaimenForm


class Person(KaimenForm):
    name = ask(forms.CharField(label="Name"), why="The guard reads it.", autocomplete="name", width=20)
    since = ask(forms.DateField(label="Since", required=False), why="The guard.")
    floor = ask(
        forms.ChoiceField(
            label="Floor",
            choices=[("1", "1F"), ("2", "2F")],
            widget=forms.RadioSelect,
            help_text="As on the door plate.",
        ),
        why="The front desk.",
    )
    true = ask(forms.BooleanField(label="It is true"), why="The law.")


def drawn(form: forms.Form) -> str:
    with translation.override("en"):
        return form.render()


def tags(html: str, name: str) -> list[str]:
    return re.findall(rf"<{name}\b[^>]*>", html)


def test_a_field_that_does_not_say_why_stops_the_program() -> None:
    with pytest.raises(TypeError, match="Silent asks phone without saying why"):
        type("Silent", (KaimenForm,), {"phone": forms.CharField()})


def test_an_empty_why_is_no_why() -> None:
    with pytest.raises(ValueError, match="why"):
        ask(forms.CharField(), why="")


def test_a_foreign_form_without_a_why_is_found_and_hidden_fields_are_not_asked() -> None:
    class Foreign(forms.Form):
        seen = forms.CharField()
        unseen = forms.CharField(widget=forms.HiddenInput)

    assert unexplained(Foreign) == ["seen"]


def test_label_then_why_then_error_then_field() -> None:
    html = drawn(Person({"floor": "1", "true": "on"}))
    order = [html.index(text) for text in ('for="id_name"', "The guard reads it.", "Name is empty", 'id="id_name"')]
    assert order == sorted(order)


def test_the_field_is_described_by_its_why_and_its_error() -> None:
    html = drawn(Person({"floor": "1", "true": "on"}))
    [name] = [tag for tag in tags(html, "input") if 'id="id_name"' in tag]
    assert 'aria-describedby="id_name_why id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert 'autocomplete="name"' in name
    assert 'id="id_name_why"' in html
    assert 'id="id_name_error"' in html


def test_every_described_id_is_on_the_page() -> None:
    for form in (Person(), Person({})):
        html = drawn(form)
        for ids in re.findall(r'aria-describedby="([^"]*)"', html):
            for one in ids.split():
                assert f'id="{one}"' in html


def test_choices_stand_in_a_group_named_by_the_question() -> None:
    html = drawn(Person())
    assert re.search(r"<legend[^>]*>\s*Floor", html)
    assert html.count("govuk-radios__item") == 2
    assert "As on the door plate." in html


def test_what_was_entered_stands_in_the_form_again() -> None:
    html = drawn(Person({"name": "周子澄<b>", "floor": "2", "since": "gibberish"}))
    assert 'value="周子澄&lt;b&gt;"' in html
    assert re.search(r'value="2"[^>]*checked', html)
    assert 'value="gibberish"' in html


@pytest.mark.parametrize("text", ["2020-03-16", "2020/3/16", "2020.3.16", "2020年3月16日", "20200316"])
def test_dates_are_read_as_people_write_them(text: str) -> None:
    form = Person({"name": "周子澄", "floor": "1", "true": "on", "since": text})
    assert form.is_valid()
    assert form.cleaned_data["since"] == date(2020, 3, 16)


def test_a_complaint_names_its_field() -> None:
    with translation.override("zh-hans"):
        errors = Person({}).errors
        assert errors["name"] == ["还没有填Name"]
        assert errors["floor"] == ["还没有选Floor"]


def test_the_summary_counts_the_mistakes_and_leads_to_each() -> None:
    form = Person({})
    with translation.override("en"):
        html = Template("{% error_summary form %}").render(Context({"form": form}))
    assert "3 things to put right" in html
    page = drawn(form)
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in page


def test_no_mistake_no_summary() -> None:
    assert Template("{% error_summary form nothing %}").render(Context({"form": Person()})).strip() == ""
