from django.urls import path

from tenants.evidence import views

app_name = "evidence"
urlpatterns = [
    path("photos/<uuid:photo>/", views.photo, name="photo"),
    path("filed/<int:filing>/<uuid:photo>/", views.filed, name="filed"),
]
