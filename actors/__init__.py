"""Who acts, who follows whom? Agents, organisations, services, following, the directory, arrivals."""
