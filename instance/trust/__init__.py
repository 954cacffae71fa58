"""What others need in order to trust this house, made from what it is: see docs/decisions/0019-trust-files.md."""
