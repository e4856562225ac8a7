"""The form that the gallery shows, one field of each kind."""

from django import forms
from django.utils.translation import pgettext_lazy


class GalleryForm(forms.Form):
    """One field of each kind, drawn by the renderer."""

    title = forms.CharField(
        label=pgettext_lazy("gallery", "Title"),
        help_text=pgettext_lazy("gallery", "As in the contract."),
        max_length=80,
    )
    story = forms.CharField(
        label=pgettext_lazy("gallery", "What happened"), widget=forms.Textarea, required=False, max_length=800
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("gallery", "Kind"),
        choices=[("a", pgettext_lazy("gallery", "Progress")), ("b", pgettext_lazy("gallery", "Year end"))],
    )
    held = forms.ChoiceField(
        label=pgettext_lazy("gallery", "Held"),
        choices=[("yes", pgettext_lazy("gallery", "Yes")), ("no", pgettext_lazy("gallery", "No"))],
        widget=forms.RadioSelect,
        help_text=pgettext_lazy("gallery", "Choose one."),
    )
    shown = forms.MultipleChoiceField(
        label=pgettext_lazy("gallery", "Shown on"),
        choices=[
            ("web", pgettext_lazy("gallery", "Website")),
            ("print", pgettext_lazy("gallery", "Printed matter")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    on = forms.DateField(label=pgettext_lazy("gallery", "Day"), required=False, widget=forms.DateInput())
    photo = forms.FileField(label=pgettext_lazy("gallery", "Photo"), required=False)
    agreed = forms.BooleanField(label=pgettext_lazy("gallery", "I have read it"))
