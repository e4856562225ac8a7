from django.urls import path

from minori.health import views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("sweepz", views.swept, name="sweepz"),
]
