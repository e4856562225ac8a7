"""Forms come out as our fields."""

import datetime as dt

import pytest
from django import forms
from django.utils import translation

from minori.ui.gallery import GalleryForm
from minori.ui.templatetags import ui_tags
from tests.minori.ui.rendering import rendered

GOOD = {"title": "事業", "kind": "a", "held": "yes", "agreed": "on"}


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


def test_a_label_stands_above_its_control_and_says_whether_it_is_required():
    html = str(GalleryForm()["title"].as_field_group())
    assert html.index('<label class="label" for="id_title">題名') < html.index('<input type="text"')
    assert "※必須" in html
    assert "※任意" in str(GalleryForm()["story"].as_field_group())


def test_support_text_and_error_are_tied_to_the_control():
    html = str(GalleryForm({**GOOD, "title": ""})["title"].as_field_group())
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert html.index("<input") < html.index('id="id_title_error"')
    assert 'class="input is-wrong"' in html


def test_the_browser_does_not_stop_what_the_server_explains():
    html = str(GalleryForm()["title"].as_field_group())
    assert " required" not in html
    assert 'aria-required="true"' in html


def test_choices_are_a_fieldset_with_a_legend():
    html = str(GalleryForm(GOOD)["held"].as_field_group())
    assert html.count("<fieldset") == 1
    assert 'aria-describedby="id_held_helptext"' in html
    assert '<legend class="label">' in html
    assert html.count('class="radio"') == 2
    assert html.count(" checked") == 1
    assert 'for="id_held_0"' in html


def test_a_single_checkbox_has_its_label_beside_it():
    html = str(GalleryForm()["agreed"].as_field_group())
    assert html.index("<input") < html.index("読みました")
    assert 'class="checkbox" for="id_agreed"' in html


def test_a_date_control_gets_a_date_a_machine_reads():
    form = GalleryForm(initial={"on": dt.date(2022, 10, 14)})
    html = str(form["on"])
    assert html.startswith('<input type="date"')
    assert html.count("type=") == 1
    assert 'value="2022-10-14"' in html


def test_a_text_shows_how_long_it_is():
    html = str(GalleryForm({**GOOD, "story": "一二\r\n三"})["story"].as_field_group())
    assert "3 / 800字" in html


def test_a_form_may_say_that_nothing_is_required_while_drafting():
    form = GalleryForm()
    form.fields["title"].mark = "none"
    assert "※" not in str(form["title"].as_field_group())


def test_an_own_class_stays():
    class Narrow(forms.Form):
        n = forms.IntegerField(widget=forms.NumberInput(attrs={"class": "input--2"}))

    assert 'class="input input--2"' in str(Narrow()["n"])


def test_the_summary_names_every_problem_and_leads_to_its_field():
    form = GalleryForm({"title": "", "kind": "a"})
    form.add_error(None, "全体の誤り")
    assert ui_tags.form_errors(form) == [
        {"href": "", "text": "全体の誤り"},
        {"href": "#id_title", "text": "題名：入力が必要です。"},
        {"href": "#id_held_0", "text": "開催：入力が必要です。"},
        {"href": "#id_agreed", "text": "読みました：入力が必要です。"},
    ]
    html = rendered('<c-error-summary :form="form" />', form=form)
    assert "4 か所を直してください" in html
    assert html.count("<a href=") == 3


def test_no_problem_no_summary():
    html = rendered('<c-error-summary :form="form" />', form=GalleryForm(GOOD))
    assert html.strip() == ""


def test_what_was_typed_comes_back_escaped():
    html = str(GalleryForm({**GOOD, "story": "</textarea><b>"})["story"])
    assert "&lt;/textarea&gt;&lt;b&gt;" in html


def test_a_control_without_a_form_is_the_same_field():
    words = 'label="内容" support="「有」のとき" error="書いてください" mark="required"'
    source = f'<c-textarea name="event" {words} :value="text" limit="400" />'
    html = rendered(source, text="</textarea>い")
    assert 'for="id_event"' in html
    assert 'aria-describedby="id_event_helptext id_event_error"' in html
    assert "&lt;/textarea&gt;い" in html
    assert "12 / 400字" in html


def test_choices_without_a_form_keep_what_was_chosen():
    choices = [(1, "進んでいる"), (2, "どおり")]
    radios = rendered('<c-radios name="p" label="進捗" :choices="c" :value="v" />', c=choices, v="2")
    assert radios.index('value="1"') < radios.index("checked")
    assert radios.count(" checked") == 1
    boxes = rendered('<c-checkboxes name="p" label="変更" :choices="c" :values="v" />', c=choices, v=[1, 2])
    assert boxes.count(" checked") == 2
    nothing = rendered('<c-radios name="p" label="進捗" :choices="c" />', c=choices)
    assert " checked" not in nothing
