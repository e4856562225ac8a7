"""The language switch, and in the demo the gallery of components."""

from django.conf import settings
from django.urls import URLPattern, path
from django.views.i18n import set_language

from minori.ui import views

urlpatterns: list[URLPattern] = [path("language/", set_language, name="set_language")]

if settings.MINORI_DEMO or settings.DEBUG:
    urlpatterns.append(path("gallery/", views.gallery, name="gallery"))
