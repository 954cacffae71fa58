"""The Mastodon client API: one face of the house, for the applications that agents choose."""
