"""Users sign in; persons are people. Rooms never read users."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from minori.accounts.enums import Language, Role, StaffRole


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who signs in with this address; without a password only the mailed code opens the door."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Credentials only. Never deleted: papers name people."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_address",
                violation_error_message=_("Somebody signs in with this address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Person(models.Model):
    """A person as others see them: name and contact. Under row security, so rooms see only their own."""

    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="person")
    name = models.CharField(_("name"), max_length=100)
    name_kana = models.CharField(_("name in kana"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.JAPANESE)
    monday_digest = models.BooleanField(_("weekly mail on Mondays"), default=True)

    class Meta:
        ordering: ClassVar = ["name_kana", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class ActiveQuerySet(models.QuerySet[Any]):
    """Memberships that hold today."""

    def active(self) -> "ActiveQuerySet":
        return self.filter(ended_at=None)


class Membership(models.Model):
    """A person's role in an organization; one person may hold several, here and elsewhere."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "organization", "role"],
                condition=models.Q(ended_at=None),
                name="one_active_membership_per_role",
                violation_error_message=_("This person holds this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} @ {self.organization_id}"


class StaffMembership(models.Model):
    """A person's role at a distributor."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="staff_memberships")
    distributor = models.ForeignKey(
        "programmes.Distributor", models.PROTECT, related_name="staff_memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=StaffRole)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActiveQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "distributor", "role"],
                condition=models.Q(ended_at=None),
                name="one_active_staff_membership_per_role",
                violation_error_message=_("This person holds this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} @ distributor {self.distributor_id}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations read as sentences."""

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; they may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """An invitation by mail: to an organization or to a distributor, with a role; used once."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=100)
    organization = models.ForeignKey("organizations.Organization", models.PROTECT, null=True, blank=True)
    distributor = models.ForeignKey("programmes.Distributor", models.PROTECT, null=True, blank=True)
    role = models.CharField(_("role"), max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    seed = models.CharField(
        max_length=64,
        blank=True,
        help_text="What the link is made of, with the installation's key; empty for links made before there was one.",
    )
    language = models.CharField(max_length=5, choices=Language, default=Language.JAPANESE)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(organization=None, distributor__isnull=False)
                | models.Q(organization__isnull=False, distributor=None),
                name="an_invitation_is_to_one_house",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(organization__isnull=False, role__in=Role.values)
                | models.Q(distributor__isnull=False, role__in=StaffRole.values),
                name="an_invitation_names_a_role_of_its_house",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="an_accepted_invitation_is_not_revoked",
            ),
            models.UniqueConstraint(
                fields=["email", "organization", "role"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_role",
            ),
            models.UniqueConstraint(
                fields=["email", "distributor", "role"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_staff_invitation_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"

    @property
    def house(self) -> Any:
        """The organization or the distributor the invitation is to."""
        return self.organization or self.distributor

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label if self.organization_id else StaffRole(self.role).label)
