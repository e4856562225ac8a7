"""What a distributor sets for all of its programmes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minori.accounts.requests import DeskRequest, actor
from minori.ui.keeping import saved
from reporting.access import desk_only, distributors, must_decide
from reporting.setup import distributors as rules
from reporting.setup.forms.programmes import FiscalYearForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk_only
def fiscal_year(request: DeskRequest, slug: str) -> HttpResponse:
    """The month in which the fiscal year begins."""
    distributor = get_object_or_404(distributors(request), slug=slug)
    must_decide(request, distributor.pk)
    vars(request)["distributor"] = distributor
    form = FiscalYearForm(request.POST or None, initial={"month": distributor.fiscal_year_begins})
    if request.method == "POST" and form.is_valid():
        month = int(form.cleaned_data["month"])
        rules.begin_fiscal_year(distributor, month=month, by=actor(request.person), at=timezone.now())
        messages.success(request, _("Saved."))
        return saved(request, redirect("setup:index"), form="fiscal-year")
    context = {"form": form, "of": distributor}
    return render(request, "setup/fiscal_year.html", context, status=422 if form.errors else 200)
