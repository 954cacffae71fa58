"""What was written, and for whom? Posts, kinds, audience, documents, publishing."""
