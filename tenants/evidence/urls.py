from django.urls import path

from tenants.evidence import views

app_name = "evidence"
urlpatterns = [
    path("files/<uuid:file>/", views.file, name="file"),
    path("filed/<int:filing>/<uuid:file>/", views.filed, name="filed"),
    path("shown/<int:deadline>/<int:number>/<uuid:file>/", views.shown, name="shown"),
]
