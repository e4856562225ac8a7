"""Due dates as a page and as a private calendar feed (ICS) of each person."""
