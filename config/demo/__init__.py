"""데모마켓: a month of a small marketplace, made from a seed. No external data."""
