"""How Django's forms come out as our fields: label above, support text, control, error text below."""

from typing import Any

from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazy

_CLASSES: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.DateInput, "input input--date"),
    (widgets.FileInput, "file"),
    (widgets.CheckboxInput, ""),
    (widgets.RadioSelect, ""),
    (widgets.CheckboxSelectMultiple, ""),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.Input, "input"),
)


def said_later(sentence: Any, **facts: object) -> Any:
    """A lazy sentence with facts in it that is said in the reader's language, not in that of whoever loads the module."""
    return lazy(lambda: str(sentence) % facts, str)()


class Field(BoundField):
    """A bound field that knows its control's class and how it wants to be drawn."""

    @property
    def kind(self) -> str:
        """How the field is drawn: `radios`, `checkboxes`, `checkbox`, `file`, `area` or `line`."""
        widget = self.field.widget
        if isinstance(widget, widgets.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, widgets.RadioSelect):
            return "radios"
        if isinstance(widget, widgets.CheckboxInput):
            return "checkbox"
        if isinstance(widget, widgets.FileInput):
            return "file"
        return "area" if isinstance(widget, widgets.Textarea) else "line"

    @property
    def mark(self) -> str:
        """`required` or `optional`; a form may say otherwise by `field.mark` (also `none`)."""
        said = getattr(self.field, "mark", "")
        return said or ("required" if self.field.required else "optional")

    @property
    def described_by(self) -> str:
        """The ids of the support text and of the error, for a fieldset's `aria-describedby`."""
        return self.aria_describedby or ""  # None: the widget names its own

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: widgets.Widget | None = None
    ) -> dict[str, Any]:
        """Add our class; `required` is said in words, and the server says every problem at once."""
        control = widget or self.field.widget
        built = super().build_widget_attrs(attrs, control)
        if built.pop("required", False) and self.kind in {"area", "line"}:
            built["aria-required"] = "true"
        ours = next((name for kind, name in _CLASSES if isinstance(control, kind)), "")
        if self.errors and ours:
            ours += " is-wrong"
        if ours:
            own = control.attrs.get("class", "")
            built["class"] = f"{ours} {own}".strip()
        if isinstance(control, widgets.DateInput) and control.input_type == "text":
            control.input_type = "date"  # the browser's calendar; it reads and sends ISO dates only
            control.format = "%Y-%m-%d"
        return built


class Renderer(TemplatesSetting):
    """Draws every form with the templates in `ui/forms/`."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field
