"""Backups, and instances made again from them."""
