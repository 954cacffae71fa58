"""A whole copy of this instance, taken while it runs, and an instance made again from one (ADR 17)."""


class Unusable(Exception):
    """It cannot be done; holds a French sentence that says why and what to type next."""
