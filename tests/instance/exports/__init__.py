"""Exports, and instances made from them."""
