"""All addresses, with the mailbox that only the demo has."""

from django.urls import include, path

from minori.mail import urls as mail
from minori.urls import urlpatterns as ours

urlpatterns = [path("", include((mail.mailbox, "mail"))), *ours]
