"""What happens, told to the applications that stay on the line: an ASGI application without Django (ADR 16).

It knows no rights and no database. It holds lines, hears hints of what happened, asks the house who of those on the
line may be told what of it, and passes that on.
"""
