"""An organization, its grant, and the people who shall write there."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minori.accounts.enums import Role
from minori.accounts.fields import OneLine
from minori.accounts.models import Person
from minori.organizations.models import Organization
from minori.programmes.models import CODE, Grant
from reporting.setup.forms.programmes import Day, check_order
from reporting.setup.grants import GrantFacts, Invitee, NewOrganization


class OfficersForm(forms.Form):
    """Who looks after grants."""

    lead = forms.ModelChoiceField(
        label=pgettext_lazy("of a grant", "Lead officer"), queryset=Person.objects.none(), empty_label=None
    )
    deputy = forms.ModelChoiceField(
        label=_("Deputy officer"), queryset=Person.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, officers: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "deputy"):
            self.fields[name].queryset = officers  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("deputy") and facts.get("deputy") == facts.get("lead"):
            self.add_error("deputy", _("Choose somebody else as deputy officer."))
        return facts


class GrantForm(OfficersForm):
    """What a grant is. An existing one keeps its code."""

    title = OneLine(label=_("Project title"), max_length=300)
    code = forms.CharField(
        label=_("Project code"),
        max_length=60,
        validators=[CODE],
        help_text=_("Lower-case letters, digits and hyphens. It cannot be changed later."),
    )
    starts_on = Day(label=_("Starts on"))
    ends_on = Day(label=_("Ends on"))
    mid_term_on = Day(
        label=_("Mid-term evaluation on"),
        required=False,
        help_text=_("Empty: the last day of the period of the programme’s mid-term round, if it has one."),
    )
    ex_post_on = Day(
        label=_("Ex-post evaluation on"), required=False, help_text=_("Empty: the project’s last day.")
    )

    field_order = ("title", "code", "starts_on", "ends_on", "mid_term_on", "ex_post_on", "lead", "deputy")

    def __init__(
        self, *args: Any, officers: QuerySet[Person], grant: Grant | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, officers=officers, **kwargs)
        self.grant = grant
        if grant is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Grant.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another grant has this code already."))
        return code

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        check_order(self, "starts_on", "ends_on", _("The project must end after it starts."))
        for name in ("mid_term_on", "ex_post_on"):
            check_order(self, "starts_on", name, _("An evaluation must not be before the project starts."))
        mid, post = facts.get("mid_term_on"), facts.get("ex_post_on")
        if mid and post and post <= mid and "ex_post_on" not in self.errors:
            self.add_error("ex_post_on", _("The ex-post evaluation must follow the mid-term evaluation."))
        return facts

    def facts(self) -> GrantFacts:
        """The grant as it was typed, once the form is valid."""
        names = ("title", "starts_on", "ends_on", "mid_term_on", "ex_post_on", "lead", "deputy")
        code = self.cleaned_data["code"] if self.grant is None else self.grant.code
        return GrantFacts(code=code, **{name: self.cleaned_data[name] for name in names})


class OrganizationForm(forms.Form):
    """A new organization, or one that is known already."""

    NEW, KNOWN = "new", "known"

    which = forms.ChoiceField(
        label=_("Organization"),
        choices=[(NEW, _("A new one")), (KNOWN, _("One that uses Minori already"))],
        initial=NEW,
        widget=forms.RadioSelect,
    )
    name = OneLine(label=pgettext_lazy("of an organization", "Name"), max_length=200, required=False)
    name_kana = OneLine(label=_("Name in kana"), max_length=200, required=False)
    slug = forms.CharField(
        label=_("Address in Minori"),
        max_length=40,
        required=False,
        validators=[CODE],
        help_text=_("Its name in plain letters, like hikari-no-ie. It stands in the address of its pages."),
    )
    funded = forms.ModelChoiceField(
        label=_("An organization that you fund"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )
    known_slug = forms.CharField(
        label=_("Or its address in Minori"),
        max_length=40,
        required=False,
        help_text=_("For an organization that another distributor funds: ask it for its address."),
    )
    consent = forms.CharField(
        label=_("The number it gave you"),
        max_length=20,
        required=False,
        help_text=_(
            "Its people find it under “People of this organization”. It shows that the organization agrees."
        ),
    )

    def __init__(self, *args: Any, funded: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funded"].queryset = funded  # type: ignore[attr-defined]  # a ModelChoiceField
        for name in ("name", "slug"):
            self.fields[name].mark = "none"  # type: ignore[attr-defined]  # read by minori.ui.forms
        for name in ("funded", "known_slug", "consent", "name_kana"):
            self.fields[name].mark = "none"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("which") == self.KNOWN:
            self._find(facts)
        else:
            self._check_new(facts)
        return facts

    def _find(self, facts: dict[str, Any]) -> None:
        slug = facts.get("known_slug", "").strip()
        found = facts.get("funded") or Organization.objects.filter(slug=slug).first()
        if found is None and slug:
            self.add_error("known_slug", _("No organization has this address."))
        elif found is None:
            self.add_error("funded", _("Choose an organization or write its address."))
        facts["found"] = found

    def _check_new(self, facts: dict[str, Any]) -> None:
        if not facts.get("name"):
            self.add_error("name", _("Write the organization’s name."))
        if "slug" not in facts:
            return
        if not facts["slug"]:
            self.add_error("slug", _("Write an address in plain letters."))
        elif Organization.objects.filter(slug=facts["slug"]).exists():
            self.add_error(
                "slug",
                _(
                    "An organization has this address already. Choose “One that uses Minori already” if it is the same."
                ),
            )

    def organization(self) -> Organization | NewOrganization:
        """Which organization it is, once the form is valid."""
        facts = self.cleaned_data
        if facts["which"] == self.KNOWN:
            found: Organization = facts["found"]
            return found
        return NewOrganization(slug=facts["slug"], name=facts["name"], name_kana=facts["name_kana"])


class InviteeForm(forms.Form):
    """Somebody to invite."""

    name = OneLine(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.prefix == "people-0":  # somebody has to be able to hand in
            self.fields["role"].initial = Role.APPROVER

    def invitee(self) -> Invitee:
        """The person, once the form is valid."""
        return Invitee(
            name=self.cleaned_data["name"], email=self.cleaned_data["email"], role=self.cleaned_data["role"]
        )


InviteeForms = forms.formset_factory(InviteeForm, extra=3, max_num=20, absolute_max=30)
