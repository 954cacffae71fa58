"""What the streaming process asks the house: who may listen, and what of what happened is told to whom."""
