"""What officers fill in when they set up programmes, grants and people."""
