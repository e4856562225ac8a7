"""The tenant: an implementing organization with its own schema and database role."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tenants.models import DomainMixin, TenantMixin

from minori.organizations.enums import OrganizationState
from minori.tenancy.roles import room_role


class Organization(TenantMixin):
    """An implementing organization (実行団体). Its schema is made by a job (`provisioning`), never by saving."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("of an organization", "name"), max_length=200)
    name_kana = models.CharField(_("name in kana"), max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=OrganizationState, default=OrganizationState.PREPARING)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    objects: "ClassVar[models.Manager[Organization]]" = models.Manager()

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering: ClassVar = ["name_kana", "name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=OrganizationState.PREPARING, ready_at=None)
                | models.Q(ready_at__isnull=False) & ~models.Q(state=OrganizationState.PREPARING),
                name="an_organization_in_use_was_made_ready",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def db_role(self) -> str:
        """Database role of the room."""
        return room_role(self.pk)


class Domain(DomainMixin):
    """A host name of an organization's own; organizations are reached by path, so none is needed."""
