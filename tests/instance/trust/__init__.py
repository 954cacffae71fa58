"""The trust files: made from what is, and true."""
