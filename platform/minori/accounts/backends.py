"""Users by their session."""

from allauth.account.auth_backends import AuthenticationBackend

from minori.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's backend; the person comes with the user, so that a page asks for both at once."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
