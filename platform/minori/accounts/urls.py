"""Sign-in, start page, settings, invitations: every address there is. Of allauth's own addresses none is included.

`account_login` and `account_confirm_login_code` are the two names allauth itself leads to.
"""

from django.urls import include, path

from minori.accounts.views import joining, people, signing_in

own = [
    path("settings/", people.change_settings, name="settings"),
    path("settings/password/", people.change_password, name="password"),
    path("settings/kept/", people.drop_kept, name="drop_kept"),
    path("join/<str:token>/", joining.join, name="join"),
]

urlpatterns = [
    path("", people.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/code/", signing_in.confirm_code, name="account_confirm_login_code"),
    path("sign-in/password/", signing_in.sign_in_with_password, name="sign_in_with_password"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("", include((own, "accounts"))),
]
