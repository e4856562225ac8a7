"""Pages of plans in an organization's room."""
