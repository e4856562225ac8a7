"""The look of Minori: layouts, components and their gallery, styles, small scripts, error pages."""
