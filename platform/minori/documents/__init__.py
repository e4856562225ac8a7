"""Papers: the contents of a report as people read them."""
