"""What the API shows, with every field that clients read without asking (docs.joinmastodon.org/entities)."""
