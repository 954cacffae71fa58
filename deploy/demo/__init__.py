"""Three neighbouring houses on this machine, with their people and a few days of their life, to try Préau."""
