"""Why a well-signed activity had no effect; an admin can read the reason beside it."""


class Ignored(Exception):
    pass
