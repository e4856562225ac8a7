"""Looking into files that strangers sent: run in a process of its own (`__main__`), and without Django."""
