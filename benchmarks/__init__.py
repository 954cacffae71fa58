"""What Préau costs: one command a question, on loopback only, each beside what the machine itself can do."""
