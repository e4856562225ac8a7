"""Rendering a piece of template with our components, as a page would."""

from django.template import engines
from django_cotton.compiler_regex import CottonCompiler


def rendered(source: str, **context: object) -> str:
    """The html of a template given as text; the loaders translate components only for files."""
    return engines["django"].from_string(CottonCompiler().process(source)).render(context)
