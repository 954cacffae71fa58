"""Tests of the face for people, through HTTP."""
