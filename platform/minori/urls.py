"""All addresses. Upper apps are named by string: the ground does not import what stands on it."""

from django.urls import include, path

urlpatterns = [
    path("", include("minori.ui.urls")),
    path("", include("minori.health.urls")),
    path("", include("minori.accounts.urls")),
    path("", include("minori.mail.urls")),
    path("", include("minori.houses.urls")),
    path("calendar/", include("minori.calendars.urls")),
    path("administration/", include("minori.administration.urls")),
    path("o/<slug:organization>/", include("tenants.urls")),
    path("desk/", include("reporting.urls")),
]

handler400 = "minori.ui.errors.bad_request"
handler403 = "minori.ui.errors.permission_denied"
handler404 = "minori.ui.errors.page_not_found"
handler500 = "minori.ui.errors.server_error"
