"""Everything inside an organization's room, under /o/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("tenants.reports.urls")),
    path("plans/", include("tenants.frameworks.urls")),
    path("evidence/", include("tenants.evidence.urls")),
]
