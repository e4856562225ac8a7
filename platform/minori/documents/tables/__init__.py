"""Tables out of workbooks and Word files, and marks back into them: in a process of its own, and without Django."""
