"""How an application is introduced, how an agent lets it in, and how it is shown out: OAuth 2."""
