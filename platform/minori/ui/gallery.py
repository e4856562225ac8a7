"""The form that the gallery shows, one field of each kind."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GalleryForm(forms.Form):
    """One field of each kind, drawn by the renderer."""

    title = forms.CharField(label=_("Title"), help_text=_("As in the contract."), max_length=80)
    story = forms.CharField(label=_("What happened"), widget=forms.Textarea, required=False, max_length=800)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", _("Progress")), ("b", _("Year end"))])
    held = forms.ChoiceField(
        label=_("Held"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, help_text=_("Choose one.")
    )
    shown = forms.MultipleChoiceField(
        label=_("Shown on"),
        choices=[("web", _("Website")), ("print", _("Printed matter"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    photo = forms.FileField(label=_("Photo"), required=False)
    agreed = forms.BooleanField(label=_("I have read it"))
