"""Everything at the distributors' desk, under /desk/."""

from django.urls import include, path

urlpatterns = [
    path("", include("reporting.portfolio.urls")),
    path("", include("reporting.common.urls")),
    path("", include("reporting.own.urls")),
    path("setup/", include("reporting.setup.urls")),
    path("review/", include("reporting.review.urls")),
    path("", include("reporting.signals.urls")),
    path("", include("reporting.profiles.urls")),
    path("reading/", include("reporting.reading.urls")),
    path("summaries/", include("reporting.remarks.urls")),
    path("reminders/", include("reporting.reminding.urls")),
    path("handover/", include("reporting.handover.urls")),
    path("charts/", include("reporting.charts.urls")),
    path("exports/", include("reporting.exports.urls")),
]
