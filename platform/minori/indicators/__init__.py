"""Phrases into measures, measures into achievement. Pure: no Django, no clock, no rounding on the way."""
