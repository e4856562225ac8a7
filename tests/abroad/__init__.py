"""Outside Japan: a funder in Berlin with its own calendar, holidays, form and language."""
