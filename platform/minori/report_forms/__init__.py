"""Forms and contents of reports, as plain values: no database, no web, no clock."""
