"""System checks: each app on its side of the hatch."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def apps_stand_on_their_side(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every `tenants.*` app is in TENANT_APPS only, everything else in SHARED_APPS only."""
    errors: list[CheckMessage] = [
        Error(f"{app} belongs in TENANT_APPS and nowhere else", id="minori.E001")
        for app in settings.SHARED_APPS
        if app.startswith("tenants.")
    ]
    errors += [
        Error(f"{app} is not a tenants.* app: it belongs in SHARED_APPS and nowhere else", id="minori.E002")
        for app in settings.TENANT_APPS
        if not app.startswith("tenants.")
    ]
    return errors


@register()
def no_public_table_points_into_a_room(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """No foreign key from a public table to a table of a room: rooms close, papers stay."""
    from django.apps import apps

    def side(model: type) -> str:
        return "room" if model.__module__.startswith("tenants.") else "public"

    return [
        Error(f"{model._meta.label}.{field.name} points from a public table into a room", id="minori.E003")
        for model in apps.get_models()
        if side(model) == "public"
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is not None and side(field.related_model) == "room"
    ]
