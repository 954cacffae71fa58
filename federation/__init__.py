"""Which houses, by what road? Peers, keys, signatures, the one HTTP door, the delivery ledger."""
