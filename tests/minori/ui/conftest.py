"""The layouts stand below every app with pages: here they are tried with addresses of their own."""

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True, scope="module")
def _own_addresses():
    with override_settings(ROOT_URLCONF="tests.minori.ui.pages"):
        yield
